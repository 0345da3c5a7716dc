import type { z } from 'zod';

import { innerSchemas, isObject } from './paths';
import { answersSchema } from './repository';

/**
 * Answers with every text in the normal form of its format: host names without capitals, a hosted zone without
 * `/hostedzone/`, URLs without a slash at the end. It is done only here, so that all later steps compare and emit
 * normal forms alone. Takes answers of any shape; a text that its format refuses stays as it is.
 */
export function normalAnswers(answers: unknown): unknown {
  return normal(answers, [answersSchema]);
}

function normal(value: unknown, schemas: readonly z.ZodType[]): unknown {
  if (typeof value === 'string') {
    for (const schema of schemas) {
      const { data } = schema.safeParse(value);
      if (typeof data === 'string') return data;
    }
    return value;
  }
  if (Array.isArray(value)) {
    const inner = innerSchemas(schemas, '0');
    return value.map((item) => normal(item, inner));
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normal(inner, innerSchemas(schemas, key))]))
    : value;
}
