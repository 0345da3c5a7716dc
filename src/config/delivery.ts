import * as z from 'zod';

import { text } from './formats';

/** The view that `verify` takes after a deployment: AWS's of the service alone, or a request to its URL as well. */
export const VERIFICATIONS = ['aws', 'request'] as const;

// Source: actions/runner, Validators.cs (256 characters; a comma ends a label), and GitHub's REST API, "Set custom labels
// for a self-hosted runner" (1 to 100 labels).
const runnerLabel = text(
  /^(?=[^,]{1,256}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
  'must be a runner label: 1 to 256 printable ASCII characters, no comma, no space at either end, e.g. self-hosted; several labels are a list, e.g. ["self-hosted", "vpn"]',
);
const runnerLabels = z
  .array(runnerLabel, 'must be a list of runner labels')
  .min(1, 'must name at least one label')
  .max(100, 'must name at most 100 labels')
  .refine(
    (labels) => new Set(labels.map((label) => label.toLowerCase())).size === labels.length,
    'must not name a label twice; GitHub ignores case',
  );
const runnerGroup = z.strictObject({
  group: text(
    /^(?=.{1,256}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
    'must be the name of a runner group: 1 to 256 printable ASCII characters, no space at either end',
  ).describe('Runner group.'),
  labels: z.union([runnerLabel, runnerLabels], 'must be a runner label or a list of them').optional(),
});

/** Access of GitHub's workflows to an environment. */
export const delivery = z.strictObject({
  runner: z
    .union(
      [runnerLabel, runnerLabels, runnerGroup],
      'must be a runner label, a list of 1 to 100 labels, or {"group": …, "labels": …}, as runs-on of GitHub Actions takes them',
    )
    .optional()
    .describe(
      "Runner of the job that deploys and verifies: a label, a list of labels, or {group, labels}. Default: a runner of GitHub's, which is on the internet.",
    ),
  verify: z
    .enum(VERIFICATIONS, `must be ${VERIFICATIONS.join(' or ')}`)
    .optional()
    .describe(
      "What a deployment is verified by: a request to its URL, after AWS's view of the service (request), or AWS's view alone (aws), if the runner does not reach the URL. Default: request.",
    ),
  verifySignature: z
    .boolean('must be true or false')
    .optional()
    .describe(
      'Whether the workflows promote and deploy refuse an image that the workflow publish-image did not sign. Default: true with oidcProviders, by which that workflow acts and signs; otherwise false.',
    ),
});
