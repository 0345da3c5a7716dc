import { arranged } from '../inputs';
import type { Input, InputGroup } from '../inputs/input';

/** Properties in the order in which a construct declares them. */
const ORDER = [
  'name',
  'image',
  'repositoryArn',
  'clusterArn',
  'cpu',
  'memory',
  'desiredCount',
  'trafficShift',
  'deploymentAlarms',
  'vpcId',
  'privateSubnetIds',
  'egressCidrs',
  'otherEgressPorts',
  'albSecurityGroupIds',
  'albEgressSecurityGroupId',
  'listenerArn',
  'host',
  'port',
  'priority',
  'allowedOrigins',
  'answerOauthProbes',
  'stickiness',
  'targetGroupName',
  'securityGroupName',
  'domain',
  'environment',
  'secrets',
  'logRetention',
  'logKmsKeyArn',
  'repositoryName',
  'retainData',
  'pullRoleArns',
  'permissionsBoundaryArn',
  'oidcProviderArn',
  'createOidcProvider',
  'audience',
  'roles',
] as const;

/** A property of the construct, as its text has it. */
export interface PropertyText {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** The lines of its comment. */
  readonly doc: readonly string[];
}

/** Columns of a line. */
const WIDTH = 120;

const TYPES = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  texts: 'readonly string[]',
  numbers: 'readonly number[]',
} as const;

export function propertyTexts(groups: readonly InputGroup<never>[]): PropertyText[] {
  return properties(groups).map((input) => {
    const { name, kind = 'text', cdk = {} } = input;
    const initial = cdk.default ?? (input.default === undefined ? undefined : String(input.default));
    return {
      name,
      type: cdk.type ?? TYPES[kind],
      optional: cdk.optional === true || initial !== undefined,
      doc: commentOf(cdk.doc ?? `${input.description}.`, initial),
    };
  });
}

/** Imports of the types of properties, by module: `type RetentionDays` from `aws-cdk-lib/aws-logs`. */
export function propertyImports(
  groups: readonly InputGroup<never>[],
): { readonly names: string; readonly from: string }[] {
  const types = properties(groups).flatMap(({ cdk }) => (cdk?.from && cdk.type ? [[cdk.from, cdk.type] as const] : []));
  const modules = [...new Set(types.map(([from]) => from))].sort();
  return modules.map((from) => {
    const names = types.filter(([module]) => module === from).map(([, name]) => name);
    return { from, names: [...new Set(names)].sort().join(', ') };
  });
}

/** The props of a construct, but for an image. */
export function propertyValues<Layer>(layer: Layer, groups: readonly InputGroup<Layer>[]): Record<string, unknown> {
  return Object.fromEntries(
    properties(groups).flatMap((input) => {
      const value = input.cdk?.value ?? input.value;
      return value ? [[input.name, value(layer)]] : [];
    }),
  );
}

function properties<Layer>(groups: readonly InputGroup<Layer>[]): Input<Layer>[] {
  return arranged(
    groups.flatMap(({ inputs }) => inputs).filter(({ cdk }) => cdk),
    [ORDER],
  ).flat();
}

function commentOf(doc: string, initial: string | undefined): string[] {
  const written = doc.split('\n');
  const single = `  /** ${doc} */`;
  if (initial === undefined && written.length === 1 && single.length <= WIDTH) {
    return [single.trim()];
  }
  const lines = [
    ...(written.length === 1 ? wrapped(doc) : written),
    ...(initial === undefined ? [] : ['', `@default ${initial}`]),
  ];
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

/** A text as lines of a comment. */
function wrapped(text: string): string[] {
  const room = WIDTH - '   * '.length;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines;
}
