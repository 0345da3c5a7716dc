import { type Command, GROUPS, type Group } from './command';
import type { OptionSpecs } from './command-line';
import { formatBlocks, paragraph, rows } from './text-blocks';

const PROGRAM = 'create-quilt-mcp-deploy';
const WIDTH = 100;

/** The text of `COMMAND --help`. */
export function commandHelp({ name, usage, about, words, options, failure, unsure }: Command): string {
  return paragraphs([
    `Usage: ${[PROGRAM, name, usage, '[options]'].filter(Boolean).join(' ')}`,
    prose(about),
    helpRows(words),
    optionRows(options),
    prose(exitCodes(failure, unsure)),
  ]);
}

/**
 * The text of `--help`.
 *
 * @param main the main job, which no word names
 * @param all whether commands of hidden groups are listed, too
 */
export function mainHelp(main: Command, commands: readonly Command[], all: boolean): string {
  const hides = !all && commands.some(({ group }) => GROUPS[group].hidden);
  return paragraphs([
    `Usage: ${PROGRAM} ${main.usage} [options]\n       ${PROGRAM} COMMAND [options]`,
    prose(main.about),
    optionRows(main.options),
    ...(Object.keys(GROUPS) as Group[]).flatMap((group) =>
      all || !GROUPS[group].hidden ? groupRows(group, commands) : [],
    ),
    hides ? "GitHub's workflows run more commands: --help --all lists them." : '',
    [
      exitCodes(main.failure),
      'With npm create, options follow a double dash: npm create quilt-mcp-deploy@latest my-deploy -- --yes',
    ].join('\n'),
  ]);
}

function groupRows(group: Group, commands: readonly Command[]): string[] {
  const cells = commands
    .filter((one) => one.group === group)
    .map(({ name, usage, help }) => [`${name} ${usage}`, help] as const);
  return cells.length === 0 ? [] : [`${GROUPS[group].title}:`, helpRows(cells)];
}

function exitCodes(failure: string, unsure?: string): string {
  return `Exit codes: 0 done, 1 ${failure}, 2 wrong input${unsure === undefined ? '' : `, or ${unsure}`}.`;
}

function prose(text: string): string {
  return formatBlocks([paragraph(text)], 88).join('\n');
}

function paragraphs(texts: readonly string[]): string {
  return `${texts.filter(Boolean).join('\n\n')}\n`;
}

function optionRows(options: OptionSpecs): string {
  return helpRows(
    Object.entries(options).map(([name, { value, help, variable }]) => [
      `--${name}${value ? ` ${value}` : ''}`,
      variable === undefined ? help : `${help} (variable ${variable})`,
    ]),
  );
}

/** Lines of a help text: terms and their meaning. */
function helpRows(cells: readonly (readonly [written: string, means: string])[]): string {
  return cells.length === 0 ? '' : formatBlocks([rows(...cells)], WIDTH, '  ').join('\n');
}
