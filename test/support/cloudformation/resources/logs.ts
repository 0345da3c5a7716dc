import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DisassociateKmsKeyCommand,
  type LogGroupClass,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';

import { changeTags, type Handler, type Tag, tagMap, takeTags } from '../handler';

interface LogGroup {
  readonly name: string;
  readonly kmsKeyId?: string;
  readonly retention?: number;
  readonly logGroupClass?: LogGroupClass;
  readonly tags: Tag[];
}

const logGroup: Handler<LogGroup> = {
  name: 'LogGroupName',
  read: (properties, generatedName) => ({
    name: properties.takeText('LogGroupName') ?? generatedName(512),
    kmsKeyId: properties.takeText('KmsKeyId'),
    retention: properties.take<number>('RetentionInDays'),
    logGroupClass: properties.take<LogGroupClass>('LogGroupClass'),
    tags: takeTags(properties),
  }),
  async create({ clients, partition, region, accountId }, { name, kmsKeyId, logGroupClass, tags }) {
    await clients.logs.send(
      new CreateLogGroupCommand({
        logGroupName: name,
        kmsKeyId,
        logGroupClass,
        tags: tags.length > 0 ? tagMap(tags) : undefined,
      }),
    );
    return {
      physicalId: name,
      attributes: { Arn: `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*` },
    };
  },
  async finish({ clients }, { name, retention }) {
    if (retention === undefined) return;
    await clients.logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: retention }));
  },
  async update({ clients }, wanted, before, { attributes }) {
    const { logs } = clients;
    const { name: logGroupName, retention, kmsKeyId } = wanted;
    if (wanted.logGroupClass !== before.logGroupClass) throw new Error('The class of a log group cannot be changed');
    if (retention !== undefined) {
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: retention }));
    } else if (before.retention !== undefined) await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    if (kmsKeyId) await logs.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId }));
    else if (before.kmsKeyId) await logs.send(new DisassociateKmsKeyCommand({ logGroupName }));
    const resourceArn = (attributes.Arn as string).replace(/:\*$/, '');
    await changeTags(
      wanted.tags,
      before.tags,
      (tags) => logs.send(new TagResourceCommand({ resourceArn, tags: tagMap(tags) })),
      (tagKeys) => logs.send(new UntagResourceCommand({ resourceArn, tagKeys })),
    );
  },
  remove: async ({ clients }, { name }) => {
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName: name }));
  },
};

export const LOGS = { 'AWS::Logs::LogGroup': logGroup };
