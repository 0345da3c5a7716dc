/** Questions of the interview that no account answers, with nothing typed: what Enter takes. */
export const DECISIONS_ASKED: readonly (readonly [message: string, typed: string])[] = [
  ['Images in', ''],
  ['Deployments', ''],
  ['Browser origins', ''],
  ['Days that logs are kept', ''],
  ['KMS key of the logs', ''],
  ["Permissions boundary of the tasks' roles", ''],
  ["Permissions boundary of the workflows' roles", ''],
];
