import * as z from 'zod';

import { answersSchema } from './repository';

/**
 * The JSON Schema (draft 2020-12) of the answers, for editors: as their owner may write them, without defaults filled
 * in.
 */
export function answersJsonSchema(): object {
  return {
    title: 'Answers of create-quilt-mcp-deploy',
    ...z.toJSONSchema(answersSchema, { io: 'input' }),
    // A rule that the schema leaves to the model's checks: only Terraform keeps a state, and it cannot do without.
    if: { required: ['target'], properties: { target: { not: { const: 'terraform' } } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { state: false } },
    else: { required: ['state'] },
  };
}
