/** Something that its reader can mend; its message says how. The command ends with exit code 1. */
export class Refusal extends Error {}
