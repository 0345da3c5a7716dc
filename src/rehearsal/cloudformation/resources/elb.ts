import {
  AddListenerCertificatesCommand,
  AddTagsCommand,
  CreateRuleCommand,
  type CreateRuleCommandInput,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RemoveListenerCertificatesCommand,
  RemoveTagsCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import { type RuleAction, targetGroupsOf } from '../../../discovery/listener-rules';
import type { Account } from '../account';
import { changeTags, type Handler, type Tag, takeTags, unlessGone, without } from '../handler';
import { isSame } from '../spec';

/** Named alike by CloudFormation and by the API. */
const HEALTH_CHECK = [
  'HealthCheckEnabled',
  'HealthCheckIntervalSeconds',
  'HealthCheckPath',
  'HealthCheckPort',
  'HealthCheckProtocol',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'Matcher',
  'UnhealthyThresholdCount',
];
const FIXED = ['IpAddressType', 'Port', 'Protocol', 'ProtocolVersion', 'TargetType', 'VpcId'];

type Attribute = { readonly Key: string; readonly Value: string };

interface TargetGroup {
  readonly name: string;
  readonly fixed: Omit<CreateTargetGroupCommandInput, 'Name'>;
  readonly healthCheck: Omit<CreateTargetGroupCommandInput, 'Name'>;
  readonly attributes: Attribute[];
  readonly tags: Tag[];
}

const targetGroup: Handler<TargetGroup> = {
  name: 'Name',
  read: (properties, generatedName) => ({
    name: properties.takeText('Name') ?? generatedName(32),
    fixed: properties.takeAll(FIXED) as TargetGroup['fixed'],
    healthCheck: properties.takeAll(HEALTH_CHECK) as TargetGroup['healthCheck'],
    attributes: properties.take<Attribute[]>('TargetGroupAttributes') ?? [],
    tags: takeTags(properties),
  }),
  async create({ clients, tagsLater }, { name, fixed, healthCheck, tags }) {
    const { TargetGroups } = await clients.elb.send(
      new CreateTargetGroupCommand({
        Name: name,
        ...fixed,
        ...healthCheck,
        Tags: tags.length > 0 && !tagsLater ? tags : undefined,
      }),
    );
    const arn = TargetGroups![0]!.TargetGroupArn!;
    return {
      physicalId: arn,
      attributes: {
        TargetGroupArn: arn,
        TargetGroupFullName: arn.slice(arn.indexOf(':targetgroup/') + 1),
        TargetGroupName: name,
      },
    };
  },
  async finish(account, { attributes, tags }, { physicalId }) {
    await setAttributes(account, physicalId, attributes);
    if (account.tagsLater) await changeElbTags(account, physicalId, tags, []);
  },
  async update(account, wanted, before, { physicalId }) {
    if (!isSame(wanted.healthCheck, before.healthCheck)) {
      await account.clients.elb.send(
        new ModifyTargetGroupCommand({ TargetGroupArn: physicalId, ...wanted.healthCheck }),
      );
    }
    await setAttributes(account, physicalId, without(wanted.attributes, before.attributes));
    await changeElbTags(account, physicalId, wanted.tags, before.tags);
  },
  remove: async ({ clients }, _, { physicalId }) => {
    await clients.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: physicalId }));
  },
};

/** The emulator keeps any attribute; the API refuses one that the group has not. */
async function setAttributes({ clients }: Account, TargetGroupArn: string, attributes: Attribute[]): Promise<void> {
  if (attributes.length === 0) return;
  const { Attributes } = await clients.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const known = [...Attributes!.map(({ Key }) => Key), ...ALSO_ATTRIBUTES];
  const unknown = attributes.filter(({ Key }) => !known.includes(Key));
  if (unknown.length > 0) throw new Error(`Unknown attributes: ${unknown.map(({ Key }) => Key).join(', ')}`);
  await clients.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: attributes }));
}

/** Attributes of an Application Load Balancer's target group that the emulator doesn't list. */
const ALSO_ATTRIBUTES = [
  'deregistration_delay.timeout_seconds',
  'load_balancing.algorithm.anomaly_mitigation',
  'load_balancing.algorithm.type',
  'load_balancing.cross_zone.enabled',
  'slow_start.duration_seconds',
  'stickiness.app_cookie.cookie_name',
  'stickiness.app_cookie.duration_seconds',
  'stickiness.enabled',
  'stickiness.lb_cookie.duration_seconds',
  'stickiness.type',
  'target_group_health.dns_failover.minimum_healthy_targets.count',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage',
];

interface ListenerRule {
  readonly listener: string;
  readonly priority: number;
  readonly conditions: CreateRuleCommandInput['Conditions'];
  readonly actions: CreateRuleCommandInput['Actions'];
  readonly tags: Tag[];
}

const MAX_PRIORITY = 50_000;
const MAX_VALUES = 5;

const listenerRule: Handler<ListenerRule> = {
  read: (properties) => {
    const priority = properties.take<number>('Priority')!;
    const conditions = properties.take<object[]>('Conditions')!;
    const listener = properties.takeText('ListenerArn');
    if (!listener) throw new Error('A listener rule needs a ListenerArn');
    if (priority < 1 || priority > MAX_PRIORITY)
      throw new Error(`Priority ${priority} is not from 1 to ${MAX_PRIORITY}`);
    const values = conditions.flatMap((condition) => Object.values(condition).flatMap(valuesIn));
    if (values.length > MAX_VALUES) {
      throw new Error(`A rule may have ${MAX_VALUES} condition values, and this has ${values.length}`);
    }
    return {
      listener,
      priority,
      conditions,
      actions: properties.take<object[]>('Actions') as ListenerRule['actions'],
      tags: takeTags(properties),
    };
  },
  async create({ clients, tagsLater }, { listener, priority, conditions, actions, tags }) {
    const { Rules } = await clients.elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority: priority,
        Conditions: conditions,
        Actions: actions,
        Tags: tags.length > 0 && !tagsLater ? tags : undefined,
      }),
    );
    const arn = Rules![0]!.RuleArn!;
    return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } };
  },
  async update(account, wanted, before, { physicalId }) {
    const { elb } = account.clients;
    const { conditions, actions, priority } = wanted;
    if (priority !== before.priority) {
      const RulePriorities = [{ RuleArn: physicalId, Priority: priority }];
      await elb.send(new SetRulePrioritiesCommand({ RulePriorities }));
    }
    // The unkind reading: CloudFormation sends the actions again with any change, of tags too.
    if (!isSame(wanted, before)) {
      refuseDarkness(account.live.get(physicalId), actions);
      await elb.send(new ModifyRuleCommand({ RuleArn: physicalId, Conditions: conditions, Actions: actions }));
    }
    await changeElbTags(account, physicalId, wanted.tags, before.tags);
  },
  remove: async ({ clients }, _, { physicalId }) => {
    await clients.elb.send(new DeleteRuleCommand({ RuleArn: physicalId }));
  },
};

/** @throws Error if a rule would forward to target groups that have no tasks, while another one has them */
function refuseDarkness(live: string | undefined, actions: ListenerRule['actions'] = []): void {
  const forwarded = targetGroupsOf(actions.at(-1) as RuleAction);
  if (live === undefined || forwarded.includes(live)) return;
  throw new Error(
    `503 for every client: the tasks are in ${live}, and the rule would forward to ${forwarded.join(', ')}`,
  );
}

/** The values of a condition, in either notation. */
function valuesIn(part: unknown): unknown[] {
  if (Array.isArray(part)) return part;
  return typeof part === 'object' && part !== null ? ((part as { Values?: unknown[] }).Values ?? []) : [];
}

interface ListenerCertificates {
  readonly listener: string;
  readonly certificates: string[];
}

const listenerCertificate: Handler<ListenerCertificates> = {
  read: (properties) => ({
    listener: properties.takeText('ListenerArn')!,
    certificates: properties.takeParts('Certificates')!.map((part) => part.takeText('CertificateArn')!),
  }),
  async create(account, { listener, certificates }) {
    if (certificates.length !== 1) throw new Error('A ListenerCertificate holds exactly one certificate');
    await addCertificates(account, listener, certificates);
    return { physicalId: `${listener}|${certificates[0]}`, attributes: {} };
  },
  async update(account, wanted, before) {
    await addCertificates(account, wanted.listener, without(wanted.certificates, before.certificates));
    await removeCertificates(account, before.listener, without(before.certificates, wanted.certificates));
  },
  remove: (account, { listener, certificates }) => removeCertificates(account, listener, certificates),
};

async function addCertificates({ clients }: Account, ListenerArn: string, arns: readonly string[]): Promise<void> {
  if (arns.length === 0) return;
  const Certificates = arns.map((CertificateArn) => ({ CertificateArn }));
  await clients.elb.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }));
}

async function removeCertificates({ clients }: Account, ListenerArn: string, arns: readonly string[]): Promise<void> {
  if (arns.length === 0) return;
  const Certificates = arns.map((CertificateArn) => ({ CertificateArn }));
  await unlessGone(clients.elb.send(new RemoveListenerCertificatesCommand({ ListenerArn, Certificates })));
}

async function changeElbTags({ clients }: Account, arn: string, wanted: Tag[], before: Tag[]): Promise<void> {
  const ResourceArns = [arn];
  await changeTags(
    wanted,
    before,
    (Tags) => clients.elb.send(new AddTagsCommand({ ResourceArns, Tags })),
    (TagKeys) => clients.elb.send(new RemoveTagsCommand({ ResourceArns, TagKeys })),
  );
}

export const ELB = {
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': listenerCertificate,
  'AWS::ElasticLoadBalancingV2::ListenerRule': listenerRule,
  'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup,
};
