/** The option of every command that names or checks an image. */
export const UNSIGNED = {
  type: 'string',
  value: 'REASON',
  rest: true,
  help: 'do not look for a signature, and keep the reason; all words after it are the reason',
} as const;

/** Description of the word ENV for the help of commands. */
export const ENV = ['ENV', 'name of an environment'] as const;

/** The option of a command that asks AWS. */
export const PROFILE = {
  type: 'string',
  value: 'PROFILE',
  help: 'profile of the AWS CLI; default: AWS_PROFILE, or the default one',
} as const;
