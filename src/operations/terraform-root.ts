/** A program and its arguments. */
type Words = readonly [command: string, ...args: string[]];

/** Terraform in a root, by its path, with further arguments. */
export function terraformIn(root: string, ...args: readonly string[]): Words {
  return ['terraform', `-chdir=${root}`, ...args];
}

/** Terraform's `init` of a root, for a plan: with the state that the file beside it names. */
export function initIn(root: string): Words {
  return terraformIn(root, 'init', '-input=false', '-no-color', '-backend-config=backend.config.json');
}
