import { styleText } from 'node:util';

export type Style = 'plain' | 'bold' | 'dim' | 'red' | 'green' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/** Styles text if the terminal shows colors, and NO_COLOR is not set. */
export function paintOf(output: NodeJS.WriteStream): Paint {
  const hasColors = output.hasColors?.() ?? false;
  return (style, text) => (hasColors && style !== 'plain' ? styleText(style, text, { validateStream: false }) : text);
}
