import * as z from 'zod';

import { answersSchema } from './schema';

/** The JSON Schema (draft 2020-12) of the answers, for editors: what their owner may write, defaults not yet filled in. */
export function answersJsonSchema(): object {
  return { title: 'Answers of create-quilt-mcp-deploy', ...z.toJSONSchema(answersSchema, { io: 'input' }) };
}
