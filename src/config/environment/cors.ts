import * as z from 'zod';

import { origin } from '../formats';

/** Choices for requests of browsers from elsewhere. */
export const FOREIGN_ORIGINS = ['refuse', 'forward'] as const;

/** Requests of browsers. */
export const cors = z.strictObject({
  allowedOrigins: z
    .array(origin, 'must be a list of origins')
    .max(15, 'must name at most 15 origins, beside the host itself')
    .refine((origins) => new Set(origins).size === origins.length, 'must not name an origin twice')
    .default([])
    .describe("Browser origins that may call the server, beside the host's own pages."),
  foreignOrigins: z
    .enum(FOREIGN_ORIGINS, `must be ${FOREIGN_ORIGINS.join(' or ')}`)
    .optional()
    .describe(
      'What becomes of a request with any other Origin: the listener answers it with 403, as the MCP specification demands (refuse), or forwards it (forward). Default: refuse; with a deployment that moves traffic, forward.',
    ),
});
