import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { awsCli } from '../aws-cli';
import { Failed, ProgramFailure } from '../failed';
import { readJson, type Session, say } from '../session';
import { digestOf, digestPath } from './digest-file';
import { type DeliveryEnvironment, environmentsOf } from './environments';
import { IMAGE_FILE, type ImageData } from './image-tag';
import { findDigest, logIn, referrersOf } from './images';
import { runTool } from './run-tool';
import { type Signed, verifySigned } from './signature';

const POLL_MS = 10_000;
const LONGEST_MS = 10 * 60_000;
/** Findings of these severities stop an image. */
const STOPPING = ['CRITICAL'];
const DONE = ['COMPLETE', 'ACTIVE'];
const WAITING = ['PENDING', 'IN_PROGRESS'];

interface Published {
  readonly environment: DeliveryEnvironment;
  readonly digest: string;
}

/** The image of the first environment. */
function publishedImage(session: Session): Published {
  const environment = environmentsOf(session)[0]!;
  const digest = digestOf(session, environment);
  if (digest === null) throw new Failed(`${digestPath(environment)} names no image yet: publish one.`);
  return { environment, digest };
}

/** Severities, and how many findings each has. */
type Counts = Readonly<Record<string, number>>;

interface Findings {
  readonly imageScanStatus?: { readonly status: string; readonly description?: string };
  readonly imageScanFindings?: { readonly findingSeverityCounts?: Counts };
}

/**
 * Waits for the scan of the published image, which ECR begins when an image is pushed.
 *
 * @throws Failed if it finds a critical vulnerability, or does not end; if no image is published
 */
export async function scanImage(session: Session): Promise<void> {
  const { environment, digest } = publishedImage(session);
  const { name, registry } = environment;
  const repository = registry.uri.slice(registry.uri.indexOf('/') + 1);
  const where = ['--registry-id', registry.account, '--region', registry.region, '--repository-name', repository];
  const deadline = Date.now() + LONGEST_MS;
  for (;;) {
    const found = await findings(session, [...where, '--image-id', `imageDigest=${digest}`]);
    const { status, description = '' } = found?.imageScanStatus ?? { status: 'PENDING' };
    if (DONE.includes(status)) {
      reportFindings(session, found?.imageScanFindings?.findingSeverityCounts ?? {}, name, digest);
      return;
    }
    if (!WAITING.includes(status)) {
      throw new Failed(`ECR cannot scan ${digest}: ${status}. ${description}`.trim());
    }
    if (Date.now() > deadline) {
      throw new Failed(`ECR has not scanned ${digest} in ${LONGEST_MS / 60_000} minutes.`);
    }
    await sleep(POLL_MS);
  }
}

async function findings(session: Session, where: readonly string[]): Promise<Findings | undefined> {
  try {
    return await awsCli(session)('ecr', 'describe-image-scan-findings', ...where, '--max-items', '1');
  } catch (error) {
    if (error instanceof ProgramFailure && /ScanNotFoundException/.test(error.output)) return undefined;
    throw error;
  }
}

function reportFindings(session: Session, counts: Counts, name: string, digest: string): void {
  const all = Object.entries(counts).map(([severity, count]) => `${count} ${severity}`);
  const said = all.length === 0 ? 'nothing' : all.join(', ');
  if (STOPPING.some((severity) => (counts[severity] ?? 0) > 0)) {
    throw new Failed(
      `The scan of ${digest} found ${said}. Take a newer image. If you know better, name this one and say why nobody signed it: npm run set-image:${name} -- ${digest} --unsigned REASON`,
    );
  }
  say(session, `The scan of ${digest} found ${said}.`);
}

/** Something that is said of an image: how it is told from others in the registry, its tag, and how it is made. */
interface ImageStatement {
  readonly what: Signed;
  readonly type: string;
  readonly tag: string;
  /** The attestation; absent for the signature of the image itself. */
  readonly attested?: {
    /** As cosign names it. */
    readonly type: string;
    /** Undefined if nobody here can say so. */
    readonly predicate: (session: Session, reference: string) => Promise<string> | string | undefined;
  };
}

/** The statements about an image. */
export const STATEMENTS: readonly ImageStatement[] = [
  // The first: cosign takes an attestation for a signature when it is asked for one.
  { what: 'signature', type: 'https://sigstore.dev/cosign/sign/v1', tag: 'signature' },
  {
    what: 'bill of materials',
    type: 'https://spdx.dev/Document',
    tag: 'bom',
    attested: { type: 'spdxjson', predicate: billOfMaterials },
  },
  {
    what: 'provenance',
    type: 'https://slsa.dev/provenance/v1',
    tag: 'provenance',
    attested: { type: 'slsaprovenance1', predicate: provenance },
  },
];

/**
 * Signs the published image, and says what is in it and who made it, in the name of the caller: a workflow, or a person in
 * a browser. A workflow says nothing again that it said already; by hand, what anybody said is not said again.
 *
 * @throws Failed if no image is published, or a program fails
 */
export async function attestImage(session: Session): Promise<void> {
  const { environment, digest } = publishedImage(session);
  const { uri } = environment.registry;
  const reference = `${uri}@${digest}`;
  await logIn(session, reference, { others: ['cosign'] });
  const isSaid = await saidAlready(session, reference);
  const folder = mkdtempSync(join(tmpdir(), 'attest-'));
  try {
    for (const statement of STATEMENTS) {
      const { what, attested } = statement;
      if (await isSaid(statement)) {
        say(session, `${digest} has a ${what} already.`);
        continue;
      }
      const content = await attested?.predicate(session, reference);
      if (attested && content === undefined) {
        say(session, `No ${what} of ${digest}: only the run of a workflow that made it can say so.`);
        continue;
      }
      const file = join(folder, 'predicate.json');
      if (content !== undefined) writeFileSync(file, content);
      const words = attested ? ['attest', '--type', attested.type, '--predicate', file] : ['sign'];
      await runTool(session, ['cosign', ...words, '--yes', reference], { show: true });
      say(session, `${digest} has a ${what}.`);
    }
    await tagStatements(session, uri, digest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The test whether the caller need not make a statement. Anybody who may push can put something of the kind beside an image, and upstream's
 * comes with the image: for a workflow only what it signed itself counts.
 */
async function saidAlready(session: Session, reference: string): Promise<(one: ImageStatement) => Promise<boolean>> {
  const { GITHUB_SERVER_URL, GITHUB_WORKFLOW_REF } = session.env;
  if (!GITHUB_WORKFLOW_REF) {
    const there = await statementsOf(session, reference);
    return async ({ type }) => there.some((one) => one.type === type);
  }
  return async ({ what }) => {
    try {
      await verifySigned(session, what, `${GITHUB_SERVER_URL}/${GITHUB_WORKFLOW_REF}`, reference);
      return true;
    } catch (error) {
      if (error instanceof ProgramFailure) return false;
      throw error;
    }
  };
}

/** Existing statements: digest and type. */
async function statementsOf(session: Session, reference: string) {
  const referrers = await referrersOf(session, reference);
  return referrers.map(({ digest, annotations }) => ({
    digest,
    type: annotations?.['dev.sigstore.bundle.predicateType'],
  }));
}

/** The registry's lifecycle rule expires images without a tag. A tag of this form is copied with its image. */
async function tagStatements(session: Session, repository: string, digest: string): Promise<void> {
  for (const { digest: statement, type } of await statementsOf(session, `${repository}@${digest}`)) {
    const known = STATEMENTS.find((one) => one.type === type);
    if (!known) continue;
    const short = `${repository}:${digest.replace(':', '-')}.${known.tag}`;
    for (const tag of [short, `${short}-${statement.slice('sha256:'.length, 'sha256:'.length + 12)}`]) {
      const there = await findDigest(session, tag);
      if (there === undefined) await runTool(session, ['regctl', 'image', 'copy', `${repository}@${statement}`, tag]);
      if (there === undefined || there === statement) break;
    }
  }
}

function billOfMaterials(session: Session, reference: string): Promise<string> {
  return runTool(session, ['syft', 'scan', `registry:${reference}`, '--quiet', '--output', 'spdx-json']);
}

/** The source of an image, as SLSA describes a resource: an image by its digest, or upstream's source at a commit. */
function madeFrom(source: string): object {
  const [repository, commit] = source.split('#');
  if (commit) return { uri: `git+${repository}@${commit}`, digest: { gitCommit: commit } };
  return { uri: `oci://${source}`, digest: { sha256: source.split('@sha256:')[1] } };
}

/**
 * As SLSA has it for workflows; undefined if this run did not make the image.
 * Source: slsa-framework/github-actions-buildtypes, workflow/v1.
 */
function provenance(session: Session): string | undefined {
  const { env } = session;
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_REF, GITHUB_WORKFLOW_REF = '' } = env;
  const { source } = readJson<ImageData>(session, IMAGE_FILE);
  if (env.MADE !== 'true' || !GITHUB_REPOSITORY || source === null) return undefined;
  const repository = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  const path = GITHUB_WORKFLOW_REF.replace(/@.*$/, '').replace(`${GITHUB_REPOSITORY}/`, '');
  const checkedOut = { uri: `git+${repository}@${GITHUB_REF}`, digest: { gitCommit: env.GITHUB_SHA } };
  const invocationId = `${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT}`;
  return JSON.stringify({
    buildDefinition: {
      buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
      externalParameters: { workflow: { ref: GITHUB_REF, repository, path } },
      resolvedDependencies: [checkedOut, madeFrom(source)],
    },
    runDetails: {
      builder: { id: `${GITHUB_SERVER_URL}/${GITHUB_WORKFLOW_REF}` },
      metadata: { invocationId },
    },
  });
}
