/** STS's handling of the tokens of GitHub's workflows in a partition. */
export interface GitHubTokens {
  /** Audience of a token. */
  readonly audience: string;
  /** Whether a condition may be on the claim `repository_id`. If STS does not know it, such a condition never holds. */
  readonly knowsRepositoryId: boolean;
}

/** A partition of AWS: regions that share accounts and names, and reach no other partition. */
export interface Partition {
  readonly id: string;
  /** Pattern of the whole name of each of its regions. */
  readonly regions: string;
  /** The domain of its services' endpoints. */
  readonly dnsSuffix: string;
  /** Absent if no network reaches the internet, and with it GitHub: the partitions of secret regions. */
  readonly githubTokens?: GitHubTokens;
}

/**
 * The audience of the action configure-aws-credentials by default.
 * Source: aws-actions/configure-aws-credentials, action.yml.
 */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com';

/**
 * AWS's announcement of `repository_id` is about its commercial regions. Source: AWS, What's New, January 2026, "AWS
 * STS supports validation of select identity provider specific claims".
 */
const COMMERCIAL: GitHubTokens = { audience: DEFAULT_AUDIENCE, knowsRepositoryId: true };
const OTHER: GitHubTokens = { audience: DEFAULT_AUDIENCE, knowsRepositoryId: false };
/** Source: aws-actions/configure-aws-credentials, README, "Audience", the example for China. */
const CHINA: GitHubTokens = { ...OTHER, audience: 'sts.amazonaws.com.cn' };

/** The part of a region's name that says where in its country or continent it is. A mistyped one is no region. */
const DIRECTION = '(central|(north|south)?(east|west)|north|south)';

/**
 * Every partition of AWS. A region that AWS adds to one fits its pattern already.
 * Source: botocore 1.44.8, data/partitions.json (`regionRegex`, `outputs.dnsSuffix`). Its pattern for `aws` lists the
 * prefixes of today; here it is any two letters, so that a region of a new country is taken.
 */
export const PARTITIONS: readonly Partition[] = [
  { id: 'aws-cn', regions: `cn-${DIRECTION}-[0-9]+`, dnsSuffix: 'amazonaws.com.cn', githubTokens: CHINA },
  { id: 'aws-us-gov', regions: `us-gov-${DIRECTION}-[0-9]+`, dnsSuffix: 'amazonaws.com', githubTokens: OTHER },
  { id: 'aws-eusc', regions: `eusc-[a-z]{2}-${DIRECTION}-[0-9]+`, dnsSuffix: 'amazonaws.eu', githubTokens: OTHER },
  { id: 'aws-iso', regions: `us-iso-${DIRECTION}-[0-9]+`, dnsSuffix: 'c2s.ic.gov' },
  { id: 'aws-iso-b', regions: `us-isob-${DIRECTION}-[0-9]+`, dnsSuffix: 'sc2s.sgov.gov' },
  { id: 'aws-iso-e', regions: `eu-isoe-${DIRECTION}-[0-9]+`, dnsSuffix: 'cloud.adc-e.uk' },
  { id: 'aws-iso-f', regions: `us-isof-${DIRECTION}-[0-9]+`, dnsSuffix: 'csp.hci.ic.gov' },
  // Last, for its pattern takes China's regions, too.
  { id: 'aws', regions: `[a-z]{2}-${DIRECTION}-[0-9]+`, dnsSuffix: 'amazonaws.com', githubTokens: COMMERCIAL },
];

const MATCHERS = PARTITIONS.map((partition) => ({ partition, pattern: new RegExp(`^${partition.regions}$`) }));

/**
 * The AWS partition of a region. An invalid region counts as one of `aws`: the check of the answer itself reports it.
 */
export function partitionOf(region: string): Partition {
  return (MATCHERS.find(({ pattern }) => pattern.test(region)) ?? MATCHERS.at(-1)!).partition;
}

/**
 * STS's handling of GitHub's tokens in a region. For a region that reaches no GitHub it is not needed: checks refuse
 * its roles.
 */
export function githubTokensOf(region: string): GitHubTokens {
  return partitionOf(region).githubTokens ?? OTHER;
}
