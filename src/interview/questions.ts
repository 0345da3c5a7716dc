import { type Answers, type EnvironmentAnswers, TARGETS } from '../config/schema';
import { AUTH_MODES, type Deployable, upstreamRegistries, upstreamRepository } from '../conventions';
import { UPSTREAM_SOURCE } from '../model/image';
import { blockOf, rulesOf, sharesCatalogHost } from '../model/listener-block';
import { blockSize, CATALOG_PRIORITY, FIRST_PRIORITY, prioritiesOf } from '../model/routing';

/** Answers on their way: any may be missing still. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;
export type PartialEnvironment = DeepPartial<EnvironmentAnswers>;

/** What a question may look at. */
export interface Context {
  /** All answers so far. */
  readonly answers: DeepPartial<Answers>;
  /** Those of the environment at hand; nothing in a question that is not about one. */
  readonly environment: PartialEnvironment;
  /** The environment before it, in the order of promotion. */
  readonly previous?: PartialEnvironment;
  /** All environments but the one at hand. */
  readonly others: readonly PartialEnvironment[];
  readonly conventions: Deployable;
  /** Whether there was an answer before the first question; for an environment's question within that environment. */
  given(path: string): boolean;
}

/** One of the answers that a select offers. */
export interface Choice {
  readonly value: string;
  readonly title: string;
  /** Why it cannot be taken; undefined where it can. */
  readonly disabled?: string;
}

/** `text`, `number` and `list` (separated by commas) are typed; `names` is a list that environments are made from. */
export type Kind = 'text' | 'number' | 'list' | 'names' | 'select';

export interface Question {
  /** Where its answer goes: keys joined by dots; `*` stands for the name of the environment at hand. */
  readonly path: string;
  readonly kind: Kind;
  readonly message: string;
  /** What helps to answer. Absent: the schema's own description. Empty: nothing, because the message says it all. */
  readonly hint?: string | ((context: Context) => string | undefined);
  /** Where the answer is found; also for who answers in a file. */
  readonly source?: string;
  /** What `select` offers. It is not asked where that is one thing only. */
  readonly choices?: (context: Context) => readonly Choice[];
  /** A last choice, after which any answer is typed. */
  readonly other?: { readonly title: string; readonly message: string; readonly hint?: string };
  /** The answer that a choice means. Absent: its value. */
  readonly answer?: (value: string) => unknown;
  /** What Enter alone answers, as it would be typed. */
  readonly initial?: (context: Context) => string | number | undefined;
  /** Whether it is to be asked; absent: always. */
  readonly when?: (context: Context) => boolean;
  /** The answer, where others leave no choice: then it is not asked. */
  readonly known?: (context: Context) => unknown;
  /** Whether there has to be an answer; absent: as the schema says. */
  readonly required?: (context: Context) => boolean;
}

export interface Section {
  readonly title: string;
  readonly questions: readonly Question[];
}

const TARGET_TITLES = { terraform: 'Terraform', cloudformation: 'CloudFormation', cdk: 'CDK' };
const AUTH_TITLES = {
  bearer: "bearer: the caller's token is passed to the Quilt registry, which checks it",
  'jwt-secret': 'jwt-secret: the server checks tokens with a secret',
  'enhanced-jwt': 'enhanced-jwt: the server checks tokens of the catalog with a secret',
};
const always = () => true;
const keepsState = ({ answers }: Context) => (answers.target ?? 'terraform') === 'terraform';
const isDomain = ({ environment }: Context) => environment.routing?.mode === 'domain';
const isShared = ({ environment }: Context) => environment.registry?.scope === 'shared';
const hasSecret = ({ conventions, environment }: Context) =>
  conventions.auth.modes[environment.auth?.mode ?? 'bearer']?.secret !== undefined;
const hasCertificateOrZone = ({ given }: Context) => given('routing.hostedZoneId') || given('routing.certificateArn');

/**
 * Every question, in the order in which they are asked. The listener comes before the routing, so that a host or a
 * priority that another environment has on it is refused as it is typed.
 */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Your Quilt stack',
    questions: [{ path: 'name', kind: 'text', message: 'Name' }],
  },
  {
    title: 'This repository',
    questions: [
      {
        path: 'target',
        kind: 'select',
        message: 'Deploy with',
        choices: () => TARGETS.map((value) => ({ value, title: TARGET_TITLES[value] })),
      },
      {
        path: 'repository.name',
        kind: 'text',
        message: 'GitHub repository',
        hint: 'owner/name, for example acme/quilt-mcp-deploy. It need not exist yet.',
      },
      {
        path: 'image.registry',
        kind: 'select',
        message: "Registry of upstream's image",
        choices: ({ conventions }) => upstreamRegistries(conventions).map((value) => ({ value, title: value })),
        other: {
          title: 'another, such as a copy in an account of yours',
          message: 'Host name of that registry',
          hint: 'For example 111122223333.dkr.ecr.us-east-1.amazonaws.com.',
        },
        source:
          "Upstream's README names 730278974607.dkr.ecr.us-east-1.amazonaws.com, its release Makefile the account 850787717197: " +
          'ask Quilt which one you may pull from.',
      },
      {
        path: 'image.repository',
        kind: 'text',
        message: 'Repository in that registry',
        initial: ({ conventions }) => upstreamRepository(conventions),
      },
      {
        path: 'image.version',
        kind: 'text',
        message: 'Version of the server',
        initial: ({ conventions }) => conventions.image.defaultVersion,
      },
      {
        path: 'image.commit',
        kind: 'text',
        message: "Commit of upstream's source",
        hint: 'All 40 digits of its id.',
        source: `git ls-remote ${UPSTREAM_SOURCE} lists the commits of tags.`,
        when: ({ answers }) => answers.image?.mode === 'build',
        required: always,
      },
      {
        path: 'state.bucket',
        kind: 'text',
        message: "S3 bucket of Terraform's state",
        hint: 'A bucket that exists already: nothing here creates it.',
        when: keepsState,
        required: always,
      },
      {
        path: 'state.region',
        kind: 'text',
        message: 'Region of that bucket',
        hint: 'For example us-east-1.',
        when: keepsState,
        required: always,
      },
      {
        path: 'tags.Owner',
        kind: 'text',
        message: 'Tag Owner',
        hint: 'The team or person that is responsible for these resources.',
      },
      { path: 'tags.CostCenter', kind: 'text', message: 'Tag CostCenter', hint: 'What their costs are booked on.' },
    ],
  },
  {
    title: 'Environments',
    questions: [
      {
        path: 'environments',
        kind: 'names',
        message: 'Environments',
        hint: 'Their names, separated by commas, in the order in which an image is promoted.',
        initial: () => 'dev, staging, production',
      },
      {
        path: 'environments.*.account',
        kind: 'text',
        message: 'AWS account',
        hint: 'The 12 digits of the account of the Quilt stack.',
        initial: ({ previous }) => previous?.account,
      },
      {
        path: 'environments.*.region',
        kind: 'text',
        message: 'AWS region',
        hint: 'The region of the Quilt stack, for example us-east-1.',
        initial: ({ previous, answers }) => previous?.region ?? answers.state?.region,
      },
      {
        path: 'environments.*.catalogUrl',
        kind: 'text',
        message: 'Catalog URL',
        hint: 'For example https://quilt.example.com. From Quilt 1.68 on, a stack with Connect has an MCP server of its own (output PlatformMcpServerUrl): then you may not need this.',
      },
      {
        path: 'environments.*.registryUrl',
        kind: 'text',
        message: 'Registry URL',
        hint: ({ environment }) =>
          `The value of registryUrl in ${environment.catalogUrl?.replace(/[./]+$/, '') ?? 'the catalog'}/config.json.`,
      },
      {
        path: 'environments.*.network.listenerArn',
        kind: 'text',
        message: 'Load balancer listener',
        hint: "ARN of the HTTPS listener of the Quilt stack's load balancer.",
      },
      {
        path: 'environments.*.routing.mode',
        kind: 'select',
        message: 'Reach the server at',
        choices: ({ conventions }) => [
          {
            value: 'path',
            title: `the path ${conventions.endpoint.path} on a host that the listener serves already, such as the catalog's`,
          },
          { value: 'domain', title: 'a host name of its own' },
        ],
        initial: ({ previous }) => previous?.routing?.mode,
      },
      {
        path: 'environments.*.routing.host',
        kind: 'text',
        message: 'Host name',
        initial: (context) => (isDomain(context) ? undefined : hostOf(context.environment.catalogUrl)),
      },
      {
        path: 'environments.*.routing.hostedZoneId',
        kind: 'text',
        message: 'Route 53 hosted zone',
        hint: 'Id of the zone that gets the alias record, and validates a certificate. Not needed if your DNS is elsewhere.',
        when: (context) => isDomain(context) && !hasCertificateOrZone(context),
        initial: ({ previous }) => (previous?.routing?.mode === 'domain' ? previous.routing.hostedZoneId : undefined),
        required: () => false,
      },
      {
        path: 'environments.*.routing.certificateArn',
        kind: 'text',
        message: 'Certificate',
        hint: 'ARN of an issued ACM certificate in the same region, or of a server certificate of IAM. Without one, a certificate is issued in the hosted zone.',
        when: (context) => isDomain(context) && !hasCertificateOrZone(context),
        required: ({ environment: { routing } }) => routing?.mode === 'domain' && routing.hostedZoneId === undefined,
      },
      {
        path: 'environments.*.routing.priority',
        kind: 'number',
        message: 'Listener rule priority',
        hint: ({ environment }) => {
          const size = blockSize(rulesOf(environment));
          const block = `The first of ${size} priorities that this environment takes. They must be free on the listener.`;
          return sharesCatalogHost(environment)
            ? `${block} At most ${CATALOG_PRIORITY - size}: the last must be below ${CATALOG_PRIORITY}, for a Quilt stack's rule ${CATALOG_PRIORITY} takes all requests for the catalog's host.`
            : block;
        },
        source: 'aws elbv2 describe-rules lists those in use.',
        initial: nextPriority,
      },
      {
        path: 'environments.*.registry.scope',
        kind: 'select',
        message: 'Images in',
        choices: () => [
          { value: 'environment', title: 'an ECR repository of its own' },
          { value: 'shared', title: 'one ECR repository that environments share' },
        ],
        initial: ({ previous }) => previous?.registry?.scope,
      },
      {
        path: 'environments.*.registry.account',
        kind: 'text',
        message: 'AWS account of the shared repository',
        hint: '',
        when: isShared,
        known: (context) => sharedPlace(context)?.account,
        initial: ({ environment }) => environment.account,
      },
      {
        path: 'environments.*.registry.region',
        kind: 'text',
        message: 'AWS region of the shared repository',
        hint: '',
        when: isShared,
        known: (context) => sharedPlace(context)?.region,
        initial: ({ environment }) => environment.region,
      },
      {
        path: 'environments.*.auth.mode',
        kind: 'select',
        message: 'Authentication',
        choices: ({ conventions }) =>
          AUTH_MODES.filter((mode) => conventions.auth.modes[mode]).map((value) => ({
            value,
            title: AUTH_TITLES[value],
          })),
        initial: ({ previous }) => previous?.auth?.mode,
      },
      {
        path: 'environments.*.auth.secretArn',
        kind: 'text',
        message: 'Secret of the server',
        hint: secretHint,
        when: hasSecret,
        required: always,
      },
      {
        path: 'environments.*.capacity.desired',
        kind: 'number',
        message: 'Tasks',
        hint: ({ conventions }) => `Sessions stay at one task: ${conventions.sessions.why}.`,
        when: ({ conventions }) => conventions.sessions.stateful,
        initial: () => 1,
      },
      {
        path: 'environments.*.network.vpcId',
        kind: 'text',
        message: 'VPC',
        hint: "Id of the load balancer's VPC, e.g. vpc-0123456789abcdef0.",
        initial: (context) => behindSameListener(context)?.vpcId,
      },
      {
        path: 'environments.*.network.privateSubnetIds',
        kind: 'list',
        message: 'Private subnets',
        hint: 'At least two ids, separated by commas: the parameter Subnets of the Quilt stack. They have a route to a NAT gateway, or VPC endpoints; its IntraSubnets have neither.',
        initial: (context) => behindSameListener(context)?.privateSubnetIds?.join(', '),
      },
      {
        path: 'environments.*.network.albSecurityGroupIds',
        kind: 'list',
        message: "Load balancer's security groups",
        hint: 'Their ids, separated by commas. Of a Quilt stack, begin with the resource ElbPrivateSecurityGroup: it lets the load balancer out.',
        initial: (context) => behindSameListener(context)?.albSecurityGroupIds?.join(', '),
      },
      {
        path: 'environments.*.network.albEgress',
        kind: 'select',
        message: 'Load balancer reaches the tasks by',
        hint: ({ conventions: { endpoint } }) =>
          `The groups of a Quilt stack let its load balancer out to TCP 80 alone, and the tasks listen on ${endpoint.port}. The group is not this deployment's: it adds and removes no other rule of it.`,
        choices: ({ environment, conventions: { endpoint } }) => [
          ...(environment.network?.albSecurityGroupIds ?? []).map((value) => ({
            value,
            title: `a rule that this deployment adds to ${value}: out to TCP ${endpoint.port} of its tasks`,
          })),
          { value: 'present', title: 'what is there: a rule that somebody else makes, or one for everything' },
        ],
        answer: (value) => (value === 'present' ? value : { create: value }),
        initial: ({ environment }) => environment.network?.albSecurityGroupIds?.[0],
        required: always,
      },
      {
        path: 'environments.*.network.albIdleTimeout',
        kind: 'number',
        message: "Load balancer's idle timeout",
        hint: 'Seconds. That of a Quilt stack has 1000.',
        source: 'aws elbv2 describe-load-balancer-attributes has it as idle_timeout.timeout_seconds.',
        initial: (context) => behindSameListener(context)?.albIdleTimeout ?? 1000,
      },
      {
        path: 'environments.*.network.clusterName',
        kind: 'text',
        message: 'ECS cluster',
        hint: 'Name of the ECS cluster that runs the tasks.',
        when: ({ environment }) => environment.network?.clusterArn === undefined,
        initial: (context) => behindSameListener(context)?.clusterName,
        required: always,
      },
      {
        path: 'environments.*.network.albDnsName',
        kind: 'text',
        message: "Load balancer's DNS name",
        hint: 'The alias record points to it.',
        source: 'aws elbv2 describe-load-balancers has it as DNSName.',
        when: isDomain,
        initial: (context) => behindSameListener(context)?.albDnsName,
        required: always,
      },
      {
        path: 'environments.*.network.albHostedZoneId',
        kind: 'text',
        message: "Load balancer's hosted zone",
        hint: '',
        source: 'aws elbv2 describe-load-balancers has it as CanonicalHostedZoneId.',
        when: isDomain,
        initial: (context) => behindSameListener(context)?.albHostedZoneId,
        required: always,
      },
    ],
  },
];

/** Whose value is asked for by its ARN. */
function secretHint({ conventions, environment }: Context): string {
  const { variable, meaning } = conventions.auth.modes[environment.auth?.mode ?? 'bearer']!.secret!;
  return `ARN of a Secrets Manager secret or of an SSM parameter, never the value itself; ${variable} is ${meaning}.`;
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function onSameListener({ environment, others }: Context): PartialEnvironment[] {
  const listener = environment.network?.listenerArn;
  return listener === undefined ? [] : others.filter(({ network }) => network?.listenerArn === listener);
}

/** The network of an environment on the same listener: the same load balancer, so most likely the same answers. */
function behindSameListener(context: Context): PartialEnvironment['network'] {
  return onSameListener(context)[0]?.network;
}

/** The first priority whose block is free of what other environments take on the listener. */
function nextPriority(context: Context): number {
  const taken = onSameListener(context).flatMap((other) => blockOf(other));
  const rules = rulesOf(context.environment);
  const isFree = (first: number) => prioritiesOf(rules, first).every((priority) => !taken.includes(priority));
  const { path, domain } = FIRST_PRIORITY;
  if (!isDomain(context) && isFree(path)) {
    return path;
  }
  let first: number = domain;
  while (!isFree(first)) first++;
  return first;
}

/** Where the shared repository is, as an environment that shares it has said: there is but one. */
function sharedPlace({ others }: Context): { readonly account: string; readonly region: string } | undefined {
  for (const { registry } of others) {
    if (registry?.scope === 'shared' && registry.account !== undefined && registry.region !== undefined) {
      return { account: registry.account, region: registry.region };
    }
  }
  return undefined;
}
