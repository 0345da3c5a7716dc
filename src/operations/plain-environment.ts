/** Variables that make programs write colours although nobody sees them. */
const FORCES_COLOUR = /^(FORCE_COLOR|CLICOLOR_FORCE|npm_config_color|COLORTERM)$/i;

/** An environment in which programs write plain text, for output that is read by this program. */
export function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !FORCES_COLOUR.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: '1', npm_config_color: 'false' };
}
