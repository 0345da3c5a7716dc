import { BY_CREDENTIALS, BY_HAND, type Context, type PartialEnvironment, type Question } from '../question';

/** Questions about the place of an environment: its catalog, and what that and the account say. */
export const PLACE: readonly Question[] = [
  {
    path: 'environments.*.catalogUrl',
    kind: 'text',
    message: 'Catalog URL',
    answer: catalogOf,
    hint: 'For example https://quilt.example.com. From Quilt 1.68 on, a stack with Connect has an MCP server of its own (output PlatformMcpServerUrl): then you may not need this.',
  },
  {
    path: 'environments.*.catalogLookup',
    kind: 'text',
    message: "The catalog's config.json",
    when: ({ access, environment: { catalogUrl }, given }) =>
      access !== undefined && catalogUrl !== undefined && !(given('region') && given('registryUrl')),
    known: () => 'fetch',
    lookup: 'catalog',
  },
  {
    path: 'environments.*.region',
    kind: 'text',
    message: 'AWS region',
    hint: 'The region of the Quilt stack, for example us-east-1.',
    initial: (context) => regionBefore(context) ?? context.access?.region?.value,
    initialOf: (context) => (regionBefore(context) === undefined ? context.access?.region?.variable : undefined),
  },
  {
    path: 'environments.*.accountLookup',
    kind: 'select',
    message: 'Read the AWS account to answer the rest?',
    hint: 'It only reads: calls to describe and list, by the AWS CLI. `analyze --policy` prints the permissions.',
    choices: ({ access }) => [
      ...(access?.profiles ?? []).map((name) => ({ value: name, title: `yes, with the profile ${name}` })),
      ...(access?.hasCredentials ? [{ value: BY_CREDENTIALS, title: 'yes, with the credentials of this shell' }] : []),
      { value: BY_HAND, title: 'no, I know the ids' },
    ],
    other: {
      title: 'yes, with another profile or a role',
      message: 'Profile of the AWS CLI, or ARN of a role',
    },
    when: canAskAws,
    known: ({ access }) => access?.profile,
    lookup: 'account',
  },
  {
    path: 'environments.*.account',
    kind: 'text',
    message: 'AWS account',
    hint: 'The 12 digits of the account of the Quilt stack.',
    initial: ({ previous }) => previous?.account,
  },
  {
    path: 'environments.*.registryUrl',
    kind: 'text',
    message: 'Registry URL',
    initial: (context) => withSameCatalog(context)?.registryUrl,
    hint: ({ environment }) =>
      `The value of registryUrl in ${environment.catalogUrl?.replace(/[./]+$/, '') ?? 'the catalog'}/config.json.`,
  },
  {
    path: 'environments.*.network.listenerArn',
    kind: 'text',
    message: 'Load balancer listener',
    initial: (context) => withSameCatalog(context)?.network?.listenerArn,
    hint: "ARN of the HTTPS listener of the Quilt stack's load balancer.",
  },
];

/** The region of answers that are there. */
function regionBefore({ previous, answers }: Context): string | undefined {
  return previous?.region ?? answers.state?.region;
}

/** Another environment of the same catalog: what the catalog decides is most likely the same. */
function withSameCatalog({ environment: { catalogUrl }, others }: Context): PartialEnvironment | undefined {
  return catalogUrl === undefined ? undefined : others.find((other) => other.catalogUrl === catalogUrl);
}

/** The catalog of a page of it, whose address may lack the scheme; any other text as it is. */
function catalogOf(typed: string): string {
  const url = /^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(typed) ? `https://${typed}` : typed;
  if (!URL.canParse(url)) return typed;
  const { protocol, username, password, origin } = new URL(url);
  return protocol === 'https:' && username === '' && password === '' ? origin : typed;
}

/** Whether a way to ask AWS is known, and something that it can answer is not. */
function canAskAws({ access, environment: { region }, given }: Context): boolean {
  const isKnown = ['account', 'network.listenerArn', 'network.vpcId'].every(given);
  const canAsk = access && (access.profile !== undefined || access.hasCredentials || access.profiles.length > 0);
  return Boolean(canAsk) && region !== undefined && !isKnown;
}
