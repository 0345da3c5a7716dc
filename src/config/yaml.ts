import type { Scalar } from 'yaml';

import { isObject } from './paths';
import { AnswersError, type Problem } from './problem';

const EMPTY = 'is empty: it must hold an object of answers';

/**
 * The value of a YAML 1.2 text, with anchors and merge keys. Nothing of it is shared: an alias becomes a copy. Keys at
 * the top that begin with `x-` hold anchors, as in Compose files, and are left out.
 *
 * @throws AnswersError if it is not YAML, holds several documents, or has a number that another program would read
 * differently
 */
export function yamlValue(text: string, file: string): unknown {
  // Loaded on demand: most answers are JSON, and every start would wait for it.
  const { isScalar, LineCounter, parseAllDocuments, visit } = require('yaml') as typeof import('yaml');
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { merge: true, lineCounter, prettyErrors: true });
  const fail = (message: string): never => {
    throw new AnswersError(file, [{ path: '', message }]);
  };
  if (!Array.isArray(documents) || documents.length === 0) {
    return fail(EMPTY);
  }
  const [document, second] = documents;
  const [error] = [...document!.errors, ...document!.warnings];
  if (error) {
    return fail(`is not YAML: ${error.message.split('\n')[0]!.replace(/:$/, '')}`);
  }
  if (second) {
    const { line } = lineCounter.linePos(second.range[0]);
    return fail(`holds several documents: the second begins at line ${line}; keep one, without a line of --- in it`);
  }
  const problems: Problem[] = [];
  visit(document!, {
    Scalar(_, scalar) {
      const message = otherwise(scalar);
      if (message !== undefined) {
        const { line, col } = lineCounter.linePos(scalar.range![0]);
        problems.push({ path: `line ${line}, column ${col}`, found: scalar.source, message });
      }
    },
    Alias(_, alias) {
      const target = alias.resolve(document!);
      if (!target && alias.range) {
        const { line, col } = lineCounter.linePos(alias.range[0]);
        problems.push({
          path: `line ${line}, column ${col}`,
          message: `*${alias.source} stands for nothing: no value before it has the anchor &${alias.source}`,
        });
      }
      if (target && !isScalar(target) && alias.range && target.range && alias.range[0] < target.range[2]) {
        const { line, col } = lineCounter.linePos(alias.range[0]);
        problems.push({
          path: `line ${line}, column ${col}`,
          message: `*${alias.source} is within what it stands for`,
        });
      }
    },
  });
  if (problems.length > 0) {
    throw new AnswersError(file, problems);
  }
  let value: unknown;
  try {
    value = withoutExtensions(unshared(document!.toJS()));
  } catch (thrown) {
    return fail(`is not YAML: ${(thrown as Error).message}`);
  }
  return value === null ? fail(EMPTY) : value;
}

/**
 * Problem of a number that is not written as it is read: YAML 1.1 and 1.2 differ in it, and most such are ids. Source:
 * YAML 1.2.2, section 10.3.2, "Tag Resolution"; YAML 1.1, "Integer Language-Independent Type".
 */
function otherwise({ type, value, source, tag }: Scalar): string | undefined {
  return type === 'PLAIN' && typeof value === 'number' && tag === undefined && source !== String(value)
    ? `is read as the number ${value}: put it in quotes if it is a text, such as an id, or else write ${value}`
    : undefined;
}

function unshared(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unshared);
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unshared(inner)]))
    : value;
}

function withoutExtensions(value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-'))) : value;
}
