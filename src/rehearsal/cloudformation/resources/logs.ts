import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  type LogGroupClass,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';

import type { Account } from '../account';
import { changeTags, type Handler, type Made, type Tag, tagMap, takeTags } from '../handler';

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
  async create(account, { name, kmsKeyId, logGroupClass, tags }) {
    await account.clients.logs.send(
      new CreateLogGroupCommand({
        logGroupName: name,
        kmsKeyId,
        logGroupClass,
        tags: tags.length > 0 ? tagMap(tags) : undefined,
      }),
    );
    return madeLogGroup(account, name);
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
  find: async (account, name) => {
    const { logGroups } = await account.clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    return logGroups?.some(({ logGroupName }) => logGroupName === name) ? madeLogGroup(account, name) : undefined;
  },
};

function madeLogGroup({ partition, region, accountId }: Account, name: string): Made {
  return { physicalId: name, attributes: { Arn: `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*` } };
}

export const LOGS = { 'AWS::Logs::LogGroup': logGroup };
