import type { Check, Verdict } from '../discovery/findings';

/** A verdict as JUnit XML: a test for each check; an error fails it, and it is skipped if it has no result. */
export function junit(suite: string, { findings, unknown }: Verdict, checks: readonly Check[]): string {
  const cases = checks.map(({ id, question }) => {
    const found = findings.filter(({ check }) => check === id);
    const failures = found
      .filter(({ severity }) => severity === 'error')
      .map(({ text, effect, remedy }) => `<failure message="${xml(text)}">${xml(`${effect}\n${remedy}`)}</failure>`);
    const others = found.filter(({ severity }) => severity !== 'error');
    const said = others.map(({ text, remedy }) => `<system-out>${xml(`${text}\n${remedy}`)}</system-out>`);
    const why = unknown.find(({ check }) => check === id)?.why;
    const skipped = why ? [`<skipped message="${xml(why.join('; '))}"/>`] : [];
    return `  <testcase classname="${xml(suite)}" name="${xml(question)}">${[...failures, ...skipped, ...said].join('')}</testcase>`;
  });
  const failed = checks.filter(({ id }) =>
    findings.some(({ check, severity }) => check === id && severity === 'error'),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${xml(suite)}" tests="${checks.length}" failures="${failed.length}" skipped="${unknown.length}">`,
    ...cases,
    '</testsuite>',
  ].join('\n');
}

/** Text inside of XML, also of an attribute. Characters that XML does not have are left out. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
