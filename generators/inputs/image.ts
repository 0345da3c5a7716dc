import { DIGEST_PATTERN } from '../../src/config/digest';
import type { Input } from './input';

export const IMAGE: readonly Input[] = [
  {
    name: 'image',
    kind: 'text',
    description: 'Digest of the image, as publishing printed it',
    pattern: DIGEST_PATTERN,
    terraform: {
      name: 'container_image',
      default: 'null',
      description:
        'Image of the server, by digest: REPOSITORY@sha256:…; null while nothing is published, which stops a plan and no destroy',
      rules: [
        [
          `var.container_image == null || can(regex("^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+@${DIGEST_PATTERN}$", var.container_image))`,
          'The image is given by its digest, such as 111122223333.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server@sha256: and 64 hexadecimal digits. A tag may mean another image tomorrow.',
        ],
      ],
    },
    cloudformation: {
      name: 'ImageDigest',
      must: 'No image without its digest, sha256:… with 64 hexadecimal digits. Publish one first, and write its digest to deploy/images/.',
    },
    cdk: { doc: 'Image of the server, by its digest: `REPOSITORY@sha256:…`. A tag may mean another image tomorrow.' },
  },
  {
    name: 'repositoryUri',
    kind: 'text',
    description: 'Repository of the image, host and name',
    pattern: '[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+',
    value: ({ taskDefinition }) => taskDefinition.repository.uri,
    cloudformation: {
      must: 'Such as 111122223333.dkr.ecr.us-east-1.amazonaws.com/quilt-mcp-server, without tag or digest.',
    },
  },
  {
    name: 'repositoryArn',
    kind: 'text',
    description: 'ECR repository of the image; the only one that the execution role may read',
    pattern: 'arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9._/-]+',
    value: ({ taskDefinition }) => taskDefinition.repository.arn,
    terraform: {
      name: 'container_repository_arn',
      description: 'ECR repository that the image is pulled from: the only one that the execution role may read',
      must: 'The repository is given by its ARN: arn:aws:ecr:REGION:ACCOUNT:repository/NAME.',
    },
    cloudformation: { must: 'The ARN of an ECR repository.' },
    cdk: { doc: "ARN of the image's ECR repository; the only one that the execution role may read." },
  },
];
