import { type Api, membersOf } from '../../plain-client';
import type { Account } from '../account';
import { changeTags, type Handler, type Tag, takeTags } from '../handler';
import type { TemplateObject } from '../template';

const API: Api = { signedAs: 'monitoring', version: '2010-08-01' };

/** Named alike by CloudFormation and by the API. */
const OF_ALARM = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluateLowSampleCountPercentile',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Threshold',
  'ThresholdMetricId',
  'TreatMissingData',
  'Unit',
];

interface Alarm {
  readonly name: string;
  readonly parameters: TemplateObject;
  readonly tags: Tag[];
}

const alarm: Handler<Alarm> = {
  name: 'AlarmName',
  read: (properties, generatedName) => {
    const request = {
      name: properties.takeText('AlarmName') ?? generatedName(255),
      parameters: properties.takeAll(OF_ALARM),
      tags: takeTags(properties),
    };
    refuseAlarm(request.parameters);
    return request;
  },
  async create(account, { name, parameters, tags }) {
    const { MetricAlarms } = await account.clients.call(API, 'DescribeAlarms', { AlarmNames: [name] });
    if (membersOf(MetricAlarms).length > 0) throw new Error(`Alarm ${name} already exists`);
    await account.clients.call(API, 'PutMetricAlarm', { AlarmName: name, ...parameters, Tags: tags });
    return { physicalId: name, attributes: { Arn: arnOf(account, name) } };
  },
  async update(account, wanted, before) {
    await account.clients.call(API, 'PutMetricAlarm', { AlarmName: wanted.name, ...wanted.parameters });
    const ResourceARN = arnOf(account, wanted.name);
    await changeTags(
      wanted.tags,
      before.tags,
      (Tags) => account.clients.call(API, 'TagResource', { ResourceARN, Tags }),
      (TagKeys) => account.clients.call(API, 'UntagResource', { ResourceARN, TagKeys }),
    );
  },
  remove: async (account, { name }) => {
    await account.clients.call(API, 'DeleteAlarms', { AlarmNames: [name] });
  },
};

/** Refuses alarms that the emulator accepts and AWS refuses. */
function refuseAlarm(parameters: TemplateObject): void {
  const needed = ['ComparisonOperator', 'EvaluationPeriods'];
  const missing = needed.filter((name) => !(name in parameters));
  if (missing.length > 0) throw new Error(`An alarm needs ${missing.join(', ')}`);
  if ('MetricName' in parameters === 'Metrics' in parameters) throw new Error('An alarm has a MetricName or Metrics');
  if ('MetricName' in parameters && !('Namespace' in parameters && 'Period' in parameters)) {
    throw new Error('An alarm on a metric needs its Namespace and a Period');
  }
}

function arnOf({ partition, region, accountId }: Account, name: string): string {
  return `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}`;
}

export const CLOUDWATCH = { 'AWS::CloudWatch::Alarm': alarm };
