import * as z from 'zod';

import type { Deployment } from '../../src/model/deployment';
import { initIn, terraformIn } from '../../src/operations/terraform-root';
import type { PlannedAction, PlannedChange } from '../../src/resources/planned-impact';
import { policyId } from '../../src/resources/roles';
import { RESOURCE_TYPES, TYPES } from '../../src/resources/types';
import { layersOf, outputOf, type PlanQuery } from '../plan-query';
import { rootOf } from './files';

const FILE = 'upgrade.tfplan';

/** Queries for a plan of each root, without a lock: a plan is only read, never applied. */
export function terraformPlans(deployment: Deployment): PlanQuery[] {
  return layersOf(deployment).map(({ environment, layer }) => {
    const root = rootOf(environment, layer);
    return {
      environment,
      layer,
      what: `terraform plan of ${root}`,
      ask: async (run) => {
        outputOf(await run(initIn(root)));
        outputOf(await run(terraformIn(root, 'plan', '-input=false', '-no-color', '-lock=false', `-out=${FILE}`)));
        return readTerraformPlan(outputOf(await run(terraformIn(root, 'show', '-no-color', '-json', FILE))));
      },
    };
  });
}

const object = z.record(z.string(), z.unknown());
const planSchema = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        /** Key of an object that a failed replacement left behind; there may be one beside its successor. */
        deposed: z.string().optional(),
        mode: z.string(),
        type: z.string(),
        change: z.object({
          actions: z.array(z.string()),
          before: object.nullish(),
          after: object.nullish(),
          after_unknown: object.nullish(),
          importing: z.unknown().optional(),
        }),
      }),
    )
    .default([]),
});

type EngineChange = z.infer<typeof planSchema>['resource_changes'][number];

/** A resource of the modules: the resource of the model that it is, or is a part of, for which Terraform has its own. */
interface ModelResource {
  readonly id: string;
  readonly isPart?: boolean;
}

/** The one of a type, which the modules call `mcp`, has the id of its type; the others are listed. */
const MODEL_RESOURCES: Readonly<Record<string, ModelResource>> = {
  ...Object.fromEntries(RESOURCE_TYPES.map((type) => [`${TYPES[type].terraform}.mcp`, { id: type }])),
  'aws_ecr_lifecycle_policy.mcp': { id: 'repository', isPart: true },
  'aws_ecr_repository_policy.pull': { id: 'repository', isPart: true },
  'aws_vpc_security_group_ingress_rule.alb': { id: 'securityGroup', isPart: true },
  'aws_vpc_security_group_egress_rule.https': { id: 'securityGroup', isPart: true },
  'aws_vpc_security_group_egress_rule.other': { id: 'securityGroup', isPart: true },
  'aws_vpc_security_group_egress_rule.alb': { id: 'albEgressRule' },
  'aws_lb_listener_rule.other_origin': { id: 'otherOriginRule' },
  'aws_lb_listener_rule.oauth_probe': { id: 'oauthProbeRule' },
  'aws_route53_record.certificate_validation': { id: 'certificate', isPart: true },
  'aws_acm_certificate_validation.mcp': { id: 'certificate', isPart: true },
  'aws_route53_record.alias': { id: 'aliasRecord' },
  'aws_route53_record.alias_ipv6': { id: 'aliasRecordIpv6' },
  'aws_iam_role.execution': { id: 'executionRole' },
  'aws_iam_role_policy.execution': { id: 'executionRole', isPart: true },
  'aws_iam_role.task': { id: 'taskRole' },
  'aws_iam_openid_connect_provider.github': { id: 'oidcProvider' },
};

/** Resources with one instance for each duty. An earlier version gave the roles inline policies. */
const OF_DUTIES: Readonly<Record<string, Omit<ModelResource, 'id'>>> = {
  'aws_iam_role.delivery': {},
  'aws_iam_role_policy.delivery': { isPart: true },
  'aws_iam_role_policy.engine': { isPart: true },
};

/** Resources with one instance for each policy of each duty: the policy, or its attachment to the role. */
const OF_POLICIES: Readonly<Record<string, (duty: string, topic: string) => ModelResource>> = {
  'aws_iam_policy.delivery': (duty, topic) => ({ id: policyId(duty, topic) }),
  'aws_iam_role_policy_attachment.delivery': (duty) => ({ id: `${duty}Role`, isPart: true }),
};

/** The modules' own resources are below one module of a root; its owner's may be anywhere. */
const ADDRESS = /^module\.(?:registry|mcp_server)\.(\w+\.\w+)(?:\[(.*)\])?$/;

/** Has one instance for each part of the origins, in the order of their priorities. */
const ALLOWED_ORIGIN = 'aws_lb_listener_rule.allowed_origin';

const ACTIONS: Readonly<Record<string, PlannedAction>> = {
  create: 'create',
  update: 'update',
  delete: 'destroy',
  forget: 'leave',
  'delete create': 'replace',
  'create delete': 'replace',
  'forget create': 'replace',
  'create forget': 'replace',
};

/** Actions that change nothing. */
const NOTHING = ['no-op', 'read'];

/** Attributes that the provider derives from others, or from tags of its own. */
const DERIVED = ['id', 'arn', 'tags_all'];

/**
 * The changes of a plan, read from `terraform show -json`. A resource of Terraform that is a property in the model is a
 * change of the model's resource.
 *
 * @throws Error if it is no plan, or has an action that is unknown to this version
 */
export function readTerraformPlan(text: string): PlannedChange[] {
  const changes = new Map<string, PlannedChange & ModelResource>();
  for (const resource of planSchema.parse(JSON.parse(text)).resource_changes) {
    const { deposed, mode, type, change } = resource;
    const address = deposed === undefined ? resource.address : `${resource.address} (deposed ${deposed})`;
    const action = actionOf(change, address);
    if (mode !== 'managed' || action === undefined) continue;
    const place = placeOf(address);
    const known = changes.get(place.id);
    // Any change of a part is a change of its resource.
    if (known && (place.isPart || !known.isPart)) {
      changes.set(place.id, { ...known, attributes: merged(known.attributes, attributesOf(resource, place)) });
      continue;
    }
    const [first] = change.actions;
    changes.set(place.id, {
      ...place,
      type,
      key: address,
      action: place.isPart ? 'update' : action,
      ...(!place.isPart && action === 'replace'
        ? { destroyedFirst: first === 'delete', ...(change.actions.includes('forget') ? { keeps: true } : {}) }
        : {}),
      attributes: merged(known?.attributes ?? [], attributesOf(resource, place)),
    });
  }
  return [...changes.values()].map(({ isPart: _isPart, ...change }) => change);
}

/** An imported resource may be replaced or destroyed at once: that tells more. */
function actionOf({ actions, importing }: EngineChange['change'], address: string): PlannedAction | undefined {
  const action = wordFor(actions, address);
  return importing && (action === undefined || action === 'update') ? 'import' : action;
}

function wordFor(actions: readonly string[], address: string): PlannedAction | undefined {
  const text = actions.join(' ');
  if (NOTHING.includes(text)) return undefined;
  const action = Object.hasOwn(ACTIONS, text) ? ACTIONS[text] : undefined;
  if (!action) {
    throw new Error(`the plan does ${text} to ${address}, which this version does not know`);
  }
  return action;
}

function placeOf(address: string): ModelResource {
  const [, resource = '', index = '0'] = ADDRESS.exec(address) ?? [];
  if (resource === ALLOWED_ORIGIN && /^\d+$/.test(index)) {
    return { id: `allowedOriginRule${Number(index) + 1}` };
  }
  const [, duty] = /^"(publish|plan|deploy)"$/.exec(index) ?? [];
  if (duty !== undefined && Object.hasOwn(OF_DUTIES, resource)) {
    return { id: `${duty}Role`, ...OF_DUTIES[resource] };
  }
  const [, ofPolicy, topic] = /^"(publish|plan|deploy)-(\w+)"$/.exec(index) ?? [];
  if (ofPolicy !== undefined && Object.hasOwn(OF_POLICIES, resource)) {
    return OF_POLICIES[resource]!(ofPolicy, topic!);
  }
  const place = Object.hasOwn(MODEL_RESOURCES, resource) ? MODEL_RESOURCES[resource] : undefined;
  // The modules have one of each, but for parts: another is their owner's.
  return place && (place.isPart || index === '0') ? place : { id: address };
}

/** Changed attributes, in the engine's words; none if all of it changes. */
function attributesOf({ type, change }: EngineChange, { isPart }: ModelResource): string[] {
  const { before, after, after_unknown: unknown } = change;
  if (!before || !after) return isPart ? [type] : [];
  return Object.keys({ ...before, ...after, ...unknown })
    .filter(
      (name) =>
        !DERIVED.includes(name) &&
        (unknown?.[name] === true || JSON.stringify(before[name]) !== JSON.stringify(after[name])),
    )
    .map((name) => (isPart ? `${type}.${name}` : name));
}

function merged(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}
