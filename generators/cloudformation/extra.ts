import { AnswersError, type Problem } from '../../src/config/problem';

/** Sections that an owner may add to. Source: AWS CloudFormation User Guide, "Template anatomy". */
const SECTIONS = ['Mappings', 'Parameters', 'Rules', 'Conditions', 'Resources', 'Outputs'];

/**
 * A template with the owner's additions: the entries of each section follow those of the template, as written.
 *
 * @param source name of the addition in an error
 * @throws AnswersError if the addition is no YAML, has another section, or a name that the template has already
 */
export function withExtra(template: string, extra: string, source: string): string {
  const { isMap, isScalar, LineCounter, parseDocument } = require('yaml') as typeof import('yaml');
  const lines = new LineCounter();
  // Short forms such as !Ref are tags that only CloudFormation knows.
  const options = { logLevel: 'silent', lineCounter: lines } as const;
  const addition = parseDocument(extra, options);
  const base = parseDocument(template, { logLevel: 'silent' });
  const problems: Problem[] = addition.errors.map(({ message, linePos }) => ({
    path: linePos ? `line ${linePos[0].line}` : '',
    message: message.split('\n')[0]!.replace(/ at line .*$/, ''),
  }));
  const refuse = (path: string, message: string) => problems.push({ path, message });
  if (problems.length === 0 && addition.contents !== null && !isMap(addition.contents)) {
    refuse('', 'must be a map of sections, such as Resources');
  }
  const sections = isMap(addition.contents) && problems.length === 0 ? addition.contents.items : [];
  let text = template;
  for (const { key, value } of sections) {
    const section = isScalar(key) ? String(key.value) : '';
    if (!SECTIONS.includes(section)) {
      refuse(section, `is no section that can be added to; known are ${SECTIONS.join(', ')}`);
      continue;
    }
    if (isScalar(value) && value.value === null) {
      continue;
    }
    if (!isMap(value)) {
      refuse(section, 'must be a map of names');
      continue;
    }
    for (const { key: name } of value.items) {
      if (isScalar(name) && base.hasIn([section, name.value])) {
        refuse(`${section}.${name.value}`, 'is in the template already; take another name');
      }
    }
    const [first] = value.items;
    if (first && isScalar(first.key) && value.flow !== true) {
      text = appended(text, section, bodyOf(extra, first.key.range![0], value.range![2]));
    } else if (first) {
      refuse(section, 'must be written in block style, a name a line');
    }
  }
  if (problems.length > 0) {
    throw new AnswersError(source, problems);
  }
  return text;
}

/** The lines of a section, from its first name to its end, indented by two spaces. */
function bodyOf(text: string, start: number, end: number): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const indent = start - from;
  const lines = text.slice(from, end).replace(/\s+$/, '').split(/\r?\n/);
  return lines
    .map((line) => (line.trim() === '' ? '' : `  ${line.slice(Math.min(indent, line.search(/\S/)))}`))
    .join('\n');
}

/** A template with more lines at the end of a section, which is added if it is missing. */
function appended(template: string, section: string, body: string): string {
  const marked = `  # From extra.local.yaml\n${body}\n`;
  const start = new RegExp(`^${section}:\\n`, 'm').exec(template);
  if (!start) {
    return `${template.replace(/\n*$/, '\n\n')}${section}:\n${marked}`;
  }
  const from = start.index + start[0].length;
  const next = /^(?:#.*\n)*(?=[A-Za-z])/m.exec(template.slice(from));
  // A comment above the next section belongs to it.
  const end = next ? from + next.index : template.length;
  const before = template.slice(0, end).replace(/\n*$/, '\n\n');
  return `${before}${marked}${next ? '\n' : ''}${template.slice(end)}`;
}
