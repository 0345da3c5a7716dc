import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  type EncryptionType,
  type ImageTagMutability,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';

import type { Account } from '../account';
import { changeTags, type Handler, type Tag, takeTags } from '../handler';
import type { TemplateValue } from '../template';

interface EcrRepository {
  readonly name: string;
  readonly mutability: ImageTagMutability;
  readonly scanOnPush: boolean;
  readonly encryption?: { readonly encryptionType: EncryptionType; readonly kmsKey?: string };
  readonly lifecycle?: string;
  readonly policy?: string;
  readonly emptyOnDelete: boolean;
  readonly tags: Tag[];
}

const repository: Handler<EcrRepository> = {
  name: 'RepositoryName',
  read: (properties, generatedName) => {
    const encryption = properties.takePart('EncryptionConfiguration');
    const policy = properties.take<TemplateValue>('RepositoryPolicyText');
    return {
      name: properties.takeText('RepositoryName') ?? generatedName(256).toLowerCase(),
      mutability: properties.take<ImageTagMutability>('ImageTagMutability') ?? 'MUTABLE',
      scanOnPush: properties.takePart('ImageScanningConfiguration')?.take<boolean>('ScanOnPush') ?? false,
      encryption: encryption && {
        encryptionType: encryption.take<EncryptionType>('EncryptionType')!,
        kmsKey: encryption.takeText('KmsKey'),
      },
      lifecycle: properties.takePart('LifecyclePolicy')?.takeText('LifecyclePolicyText'),
      policy: typeof policy === 'string' || policy === undefined ? policy : JSON.stringify(policy),
      emptyOnDelete: properties.take<boolean>('EmptyOnDelete') ?? false,
      tags: takeTags(properties),
    };
  },
  async create({ clients }, request) {
    const { repository: made } = await clients.ecr.send(
      new CreateRepositoryCommand({
        repositoryName: request.name,
        imageTagMutability: request.mutability,
        imageScanningConfiguration: { scanOnPush: request.scanOnPush },
        encryptionConfiguration: request.encryption,
        tags: request.tags,
      }),
    );
    return {
      physicalId: request.name,
      attributes: { Arn: made!.repositoryArn!, RepositoryUri: made!.repositoryUri! },
    };
  },
  finish: applyPolicies,
  async update(account, wanted, before, { attributes }) {
    const { ecr } = account.clients;
    const { name: repositoryName, mutability, scanOnPush } = wanted;
    await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: mutability }));
    await ecr.send(
      new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration: { scanOnPush } }),
    );
    await applyPolicies(account, wanted);
    if (before.lifecycle !== undefined && wanted.lifecycle === undefined) {
      await ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
    }
    if (before.policy !== undefined && wanted.policy === undefined) {
      await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
    }
    const resourceArn = attributes.Arn as string;
    await changeTags(
      wanted.tags,
      before.tags,
      (tags) => ecr.send(new TagResourceCommand({ resourceArn, tags })),
      (tagKeys) => ecr.send(new UntagResourceCommand({ resourceArn, tagKeys })),
    );
  },
  remove: async ({ clients }, { name, emptyOnDelete }) => {
    await clients.ecr.send(new DeleteRepositoryCommand({ repositoryName: name, force: emptyOnDelete }));
  },
  find: async ({ clients }, name) => {
    const { repositories } = await clients.ecr.send(new DescribeRepositoriesCommand({}));
    const found = repositories?.find(({ repositoryName }) => repositoryName === name);
    return (
      found && {
        physicalId: name,
        attributes: { Arn: found.repositoryArn!, RepositoryUri: found.repositoryUri! },
      }
    );
  },
};

async function applyPolicies({ clients }: Account, { name, lifecycle, policy }: EcrRepository): Promise<void> {
  if (lifecycle !== undefined) {
    await clients.ecr.send(new PutLifecyclePolicyCommand({ repositoryName: name, lifecyclePolicyText: lifecycle }));
  }
  if (policy !== undefined) {
    await clients.ecr.send(new SetRepositoryPolicyCommand({ repositoryName: name, policyText: policy }));
  }
}

export const ECR = { 'AWS::ECR::Repository': repository };
