import * as z from 'zod';

import { kmsKeyArn, oneOf } from '../formats';

/**
 * Days that CloudWatch Logs keeps events for; it refuses any other number.
 * Source: Amazon CloudWatch Logs API reference, PutRetentionPolicy.
 */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Logs of the server. */
export const logs = z.strictObject({
  retention: oneOf(LOG_RETENTION_DAYS, `must be one of ${LOG_RETENTION_DAYS.join(', ')} days`)
    .default(30)
    .describe('Days that logs are kept.'),
  kmsKeyArn: kmsKeyArn.optional(),
});
