/** The purpose of each command of delivery, in its help and in the description of the task that calls it. ENV is the environment. */
export const PURPOSES = {
  'scan-image': 'wait for the scan of the published image, and refuse what it must not have',
  'attest-image': 'sign the published image, and say what is in it and who made it',
  rollback: 'name an image again that ENV ran before',
  check: 'look in the account for what would make a deployment of ENV fail',
  'set-image': 'name the image that ENV is to run, by its digest',
  'check-signature': 'refuse the image that ENV is to run if its publisher did not sign it',
  'report-plan': 'say what a deployment would change in ENV, in a file or for its approval',
  drift: 'say what is deployed in ENV and differs from this repository',
  verify: 'wait until ENV runs the image that it is to run, and try it',
  status: 'show what runs in ENV: tasks, targets, rules, last events, image',
  logs: 'show the log of the server in ENV',
} as const;
