import { parseRemote } from '../../config/remote-url';
import { TARGETS } from '../../config/repository';
import { upstreamRegistries, upstreamRepository } from '../../conventions';
import { UPSTREAM_SOURCE } from '../../model/image';
import type { Context, Question } from '../question';
import { always } from './context';

const TARGET_TITLES = { terraform: 'Terraform', cloudformation: 'CloudFormation', cdk: 'CDK' };
const keepsState = ({ answers }: Context) => (answers.target ?? 'terraform') === 'terraform';

/** Questions about the repository. */
export const REPOSITORY_QUESTIONS: readonly Question[] = [
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
    hint: 'owner/name, for example acme/quilt-mcp-deploy, or its URL. It need not exist yet.',
    answer: (typed) => parseRemote(typed) ?? typed,
    decision: true,
    asksAnew: ['repository.ownerId', 'repository.repositoryId'],
  },
  {
    path: 'environments',
    kind: 'names',
    message: 'Environments',
    hint: 'Their names, separated by commas, in the order in which an image is promoted.',
    initial: () => 'dev, staging, production',
  },
];

/** Questions about what all environments share: after them, for a reading of their accounts answers some. */
export const NAMES: readonly Question[] = [
  {
    path: 'name',
    kind: 'text',
    message: 'Name',
    decision: true,
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
    initial: ({ answers }) => Object.values(answers.environments ?? {}).find((one) => one?.region)?.region,
    required: always,
  },
  {
    path: 'tags.Owner',
    kind: 'text',
    message: 'Tag Owner',
    hint: 'The team or person that is responsible for these resources.',
  },
  { path: 'tags.CostCenter', kind: 'text', message: 'Tag CostCenter', hint: 'What their costs are booked on.' },
];
