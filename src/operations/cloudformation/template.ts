import { LOG_GROUPS } from '../../model/names';

/**
 * Bytes of a template that CloudFormation takes in a request, which is how the tasks pass it. With it, the 200 parameters
 * of a template are never reached.
 * Source: AWS CloudFormation User Guide, "Understand CloudFormation quotas".
 */
export const TEMPLATE_BODY = 51_200;

/** Groups of the parameters, which only the console shows. */
const GROUPS = /^ {2}AWS::CloudFormation::Interface:\n(?: {4}.*\n)*/m;

/**
 * The template as a request takes it: one that is too long goes without the groups of its parameters, and then without its
 * comments. It may be too long still.
 */
export function fittingTemplate(template: string): string {
  if (fits(template)) return template;
  const withoutGroups = template.replace(GROUPS, '');
  return fits(withoutGroups) ? withoutGroups : withoutComments(withoutGroups);
}

/** The least bytes that a template comes to in a request. */
export function leastTemplateBytes(template: string): number {
  return Buffer.byteLength(withoutComments(template.replace(GROUPS, '')));
}

function fits(template: string): boolean {
  return Buffer.byteLength(template) <= TEMPLATE_BODY;
}

/** The beginning of a text of several lines, such as the code of a function. */
const BLOCK = /(^|\s)[|>][-+\d]*\s*$/;

/** The template without lines that are a comment. In a text of several lines, such a line is part of the text. */
function withoutComments(template: string): string {
  let block = Number.POSITIVE_INFINITY;
  return template
    .split('\n')
    .filter((line) => {
      const indent = line.search(/\S/);
      if (indent < 0 || indent > block) return true;
      block = BLOCK.test(line) ? indent : Number.POSITIVE_INFINITY;
      return line[indent] !== '#';
    })
    .join('\n');
}

/**
 * The template with literal names for the resources that hold data: CloudFormation imports no resource with a function
 * as its name. A stack may have no repository, and then no name of one.
 */
export function withNames(template: string, { RepositoryName, ServiceName }: Readonly<Record<string, string>>): string {
  return template
    .replaceAll('RepositoryName: !Ref RepositoryName', `RepositoryName: ${RepositoryName || '!Ref RepositoryName'}`)
    .replaceAll(`LogGroupName: !Sub ${LOG_GROUPS}\${ServiceName}`, `LogGroupName: ${LOG_GROUPS}${ServiceName}`);
}

/** A resource that a template has. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly condition?: string;
}

/** The resources of a template in YAML, whose names stand two spaces in, as the generator writes them. */
export function templateResources(template: string): TemplateResource[] {
  const [, after = ''] = template.split(/^Resources:.*\n/m);
  const [section = ''] = after.split(/^(?=[A-Za-z])/m);
  return [...section.matchAll(/^ {2}(\w+):(.*\n(?:(?! {2}\w).*\n)*)/gm)].map(([, id = '', body = '']) => {
    // The attributes are in the lines below the name, or in braces beside it.
    const [start] = /^ +(?=[A-Za-z])/m.exec(body.slice(body.indexOf('\n'))) ?? ['.*[{,] *'];
    const attribute = (name: string) => new RegExp(`^${start}${name}: *['"]?([\\w:]+)`, 'm').exec(body)?.[1];
    return { id, type: attribute('Type') ?? '', condition: attribute('Condition') };
  });
}
