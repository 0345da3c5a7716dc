import { styleText } from 'node:util';

export type Style = 'plain' | 'bold' | 'dim' | 'red' | 'green' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/**
 * Styles text if the terminal shows colors, and NO_COLOR is not set. `CI` is left out: it is set to false if somebody
 * can answer, and for Node.js any value of it means a terminal without colors.
 */
export function paintOf(output: NodeJS.WriteStream): Paint {
  const { CI: _, ...env } = process.env;
  const hasColors = output.hasColors?.(env) ?? false;
  return (style, text) => (hasColors && style !== 'plain' ? styleText(style, text, { validateStream: false }) : text);
}
