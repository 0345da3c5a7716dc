import { styleText } from 'node:util';

export type Style = 'plain' | 'bold' | 'dim' | 'red' | 'green' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/**
 * Styles text if the terminal shows colors, and NO_COLOR is not set. `CI` is left out of it: it's set to false if
 * somebody is there to answer, and Node.js takes any value of it for a terminal without colors.
 */
export function paintOf(output: NodeJS.WriteStream): Paint {
  const { CI: _, ...env } = process.env;
  const hasColors = output.hasColors?.(env) ?? false;
  return (style, text) => (hasColors && style !== 'plain' ? styleText(style, text, { validateStream: false }) : text);
}
