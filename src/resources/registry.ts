import type { RegistryLayer, ServiceContract } from '../model/deployment';
import { type PropertyValue, part } from './resource';
import { oneOrMany } from './roles';

export function repository(
  { repository: { name, retain, pullRoleArns }, tags }: RegistryLayer,
  { registry }: ServiceContract,
) {
  return part('repository', 'repository', {
    name,
    tagMutability: 'IMMUTABLE',
    scanOnPush: true,
    encryption: 'AES256',
    lifecycle: {
      rules: [
        {
          rulePriority: 1,
          description: 'Expire untagged images',
          selection: {
            tagStatus: 'untagged',
            countType: 'sinceImagePushed',
            countUnit: 'days',
            countNumber: registry.expireUntaggedAfterDays,
          },
          action: { type: 'expire' },
        },
      ],
    },
    policy: pullRoleArns.length > 0 ? [pullStatement(pullRoleArns)] : undefined,
    retain,
    deletesImages: !retain,
    tags,
  });
}

function pullStatement(roleArns: readonly string[]): PropertyValue {
  return {
    Sid: 'PullFromOtherAccounts',
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(roleArns.map((arn) => arn.replace(/:role\/.*/, ':root'))) },
    Action: oneOrMany(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']),
    Condition: { ArnLike: { 'aws:PrincipalArn': oneOrMany(roleArns) } },
  };
}
