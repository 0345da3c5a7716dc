import { analysisOf } from '../analysis/analysis';
import { CatalogError, unreadCatalog } from '../discovery/catalog';
import { DEPLOYED } from '../discovery/findings/running';
import { CONNECT, PROVIDER } from '../discovery/findings/surroundings';
import { answerName, type ProposedAnswer } from '../discovery/proposed-answer';
import { balancerOf, type Catalog, type Snapshot } from '../discovery/snapshot';
import type { Interview, LookUp } from '../interview/interview';
import { BY_CREDENTIALS, BY_HAND, type Context, type Found, type Suggestion } from '../interview/question';
import type { Deployment } from '../model/deployment';
import { NoAccess } from '../operations/aws-reading';
import { catalogAt, type ReadingOptions, readByCli } from './account-reading';
import { awsAccess } from './aws-access';
import type { Console } from './console';
import { readingWarnings } from './reading-warnings';

/** Ways to look facts up, and what they showed. */
export interface Lookups extends NonNullable<Interview['lookups']> {
  /** Warnings about the environments whose account was read; no call is made for them. */
  warningsOf(deployment: Deployment): string[];
}

const NOTHING: Found = { suggestions: [] };

/** Readers of what is looked up. */
interface Readers {
  readonly readCatalog: typeof catalogAt;
  readonly readAccount: typeof readByCli;
}

/** Findings that are shown: the others are in the report of `analyze`. */
const SHOWN = 4;
/** Checks whose notes may decide that somebody needs no deployment, or another one. */
const DECISIVE = [CONNECT.id, DEPLOYED.id, PROVIDER.id];

/**
 * Lookups of an interview: the catalog's `config.json`, and the AWS account by the AWS CLI.
 *
 * @param profile the one that the command line names
 * @param say shows a line of what was seen
 * @param isAsked whether somebody can answer what cannot be looked up; if not, an account that cannot be asked is an error
 */
export function lookups(
  console: Pick<Console, 'env' | 'stderr'>,
  profile: string | undefined,
  say: (line: string) => void,
  signal: AbortSignal,
  isAsked: boolean,
  { readCatalog, readAccount }: Readers = { readCatalog: catalogAt, readAccount: readByCli },
): Lookups {
  const catalogs = new Map<string, Catalog>();
  /** Readings by environment. They stay here: a file that keeps the interview has what they suggest alone. */
  const readings = new Map<string, Snapshot>();
  const lookUp: LookUp = (kind, environment, context, by) =>
    kind === 'catalog' ? lookUpCatalog(environment, context) : lookUpAccount(environment, context, by);
  return { access: awsAccess(console.env, profile), lookUp, warningsOf };

  function warningsOf({ environments, name, contract, target }: Deployment): string[] {
    return environments.flatMap((environment) => {
      const reading = readings.get(environment.name);
      return reading ? readingWarnings(reading, { name, environment, contract, target }) : [];
    });
  }

  async function lookUpCatalog(environment: string, context: Context): Promise<Found> {
    const { catalogUrl } = context.environment;
    try {
      const catalog = await readCatalog(catalogUrl!, signal);
      catalogs.set(catalogUrl!, catalog);
      const { region, registryUrl, stackVersion, source } = catalog;
      say([...(stackVersion ? [`platform ${stackVersion}`] : []), `registry ${registryUrl}`, region].join(' · '));
      return {
        suggestions: [
          { path: `environments.${environment}.region`, value: region, evidence: source },
          { path: `environments.${environment}.registryUrl`, value: registryUrl, evidence: source },
        ],
      };
    } catch (error) {
      return byHand(error, CatalogError, askedInstead(context));
    }
  }

  async function lookUpAccount(environment: string, context: Context, by: string): Promise<Found> {
    const { catalogUrl, region } = context.environment;
    readings.delete(environment);
    if (by === BY_HAND) return NOTHING;
    try {
      const catalog =
        catalogUrl === undefined
          ? undefined
          : (catalogs.get(catalogUrl) ?? unreadCatalog('the catalog URL that you gave', catalogUrl, region!));
      const snapshot = await readAccount({ region: region!, catalog }, optionsOf(by), console, signal);
      return seen(snapshot, environment);
    } catch (error) {
      if (!isAsked) throw error;
      return byHand(error, NoAccess, 'What it would have answered is asked for instead.');
    }
  }

  function seen(snapshot: Snapshot, environment: string): Found {
    const { parts, calls, unseen } = snapshot;
    const balancer = balancerOf(snapshot);
    const account = parts.identity ? `account ${parts.identity.account}` : 'an account that is not known';
    if (!parts.stack && !balancer) {
      say(`! nothing of this Quilt stack was seen in ${account}, so no answer is taken from it`);
      return NOTHING;
    }
    readings.set(environment, snapshot);
    const { proposals, verdict } = analysisOf(snapshot);
    const lacksProvider = verdict.findings.find(({ check }) => check === PROVIDER.id);
    const answered = proposals.filter(({ value }) => value !== undefined).length;
    const stack = parts.stack ? [`stack ${parts.stack.name}`] : [];
    say([`✓ ${calls} calls, nothing written`, ...stack, account, `${answered} answers found`].join(' · '));
    if (unseen.length > 0) say(`! ${unseen.length} calls got no answer: analyze says which permission each needs`);
    const serious = verdict.findings.filter(({ severity, check }) => severity !== 'note' || DECISIVE.includes(check));
    for (const { text, remedy } of serious.slice(0, SHOWN)) say(`! ${text}. ${remedy}`);
    if (serious.length > SHOWN) say(`! and ${serious.length - SHOWN} more: analyze shows them`);
    return {
      suggestions: [
        ...proposals.map((proposal) => suggestionOf(proposal, environment)),
        ...(lacksProvider ? [providerToMake(parts.identity!.account, lacksProvider.evidence)] : []),
      ],
      takenPriorities: Object.fromEntries(
        (parts.listeners ?? []).map(({ arn, rules }) => [
          arn,
          rules.map(({ Priority }) => Number(Priority)).filter(Number.isInteger),
        ]),
      ),
    };
  }

  /** An answer that cannot be looked up is asked for. */
  function byHand(error: unknown, known: typeof CatalogError | typeof NoAccess, otherwise: string): Found {
    if (!(error instanceof known)) throw error;
    say(`! ${error.message}${isAsked ? ` ${otherwise}` : ''}`);
    return NOTHING;
  }
}

/** Answers that are asked for if a catalog cannot be read, and that nobody gave. */
function askedInstead({ given }: Context): string {
  const open = [...(given('region') ? [] : ['region']), ...(given('registryUrl') ? [] : ['registry URL'])];
  return `Its ${open.join(' and ')} ${open.length === 1 ? 'is' : 'are'} asked for instead.`;
}

function optionsOf(by: string): ReadingOptions {
  if (by === BY_CREDENTIALS) return { verbose: false };
  return by.startsWith('arn:') ? { 'role-arn': by, verbose: false } : { profile: by, verbose: false };
}

function suggestionOf(proposal: ProposedAnswer, environment: string): Suggestion {
  const { path, ...rest } = proposal;
  return { ...rest, path: path.startsWith('/') ? answerName(proposal) : `environments.${environment}.${path}` };
}

/** The provider of GitHub in an account that has none: nobody makes it without being asked. */
function providerToMake(account: string, evidence: string): Suggestion {
  const candidates = [{ value: { create: true }, why: 'it has none' }];
  return { path: `oidcProviders.${account}`, candidates, evidence };
}
