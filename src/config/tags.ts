import * as z from 'zod';

import { tagKey, tagValue } from './formats';

/** Tag keys that the model sets itself. */
export const RESERVED_TAGS = ['Environment', 'Service', 'Convention', 'ManagedBy', 'Warning'] as const;

const ownTagKey = tagKey.refine(
  // IAM takes keys that differ only by case for the same.
  (key) => !RESERVED_TAGS.some((reserved) => reserved.toLowerCase() === key.toLowerCase()),
  `is set by the generator: ${RESERVED_TAGS.join(', ')}`,
);

/** Tags of an environment. */
export const environmentTags = z.record(ownTagKey, tagValue);

/** Tags of all environments. */
export const deploymentTags = z
  .object({
    Project: tagValue.default('quilt'),
    Owner: tagValue.min(1, 'must not be empty'),
    CostCenter: tagValue.min(1, 'must not be empty'),
  })
  .catchall(tagValue)
  .superRefine((tags, context) => {
    for (const key of Object.keys(tags)) {
      const problem = ownTagKey.safeParse(key).error?.issues[0];
      if (problem) {
        context.addIssue({ code: 'custom', path: [key], message: problem.message });
      }
    }
  });
