// The AWS CLI AWS_BEHIND; of the tasks that a service runs, of which the emulator starts none, it says that they are well.
import { spawnSync } from 'node:child_process';

const args = process.argv.slice(2);
const { status, stdout } = spawnSync(process.env.AWS_BEHIND, args, {
  encoding: 'utf8',
  stdio: ['inherit', 'pipe', 'inherit'],
});

const atRest = (service) => ({
  ...service,
  runningCount: service.desiredCount,
  deployments: service.deployments
    .filter((each) => each.status === 'PRIMARY')
    .map((each) => ({ ...each, rolloutState: 'COMPLETED' })),
});
const MENDED = {
  'ecs describe-services': ({ services }) => ({ services: services.map(atRest) }),
  'elbv2 describe-target-health': () => ({
    TargetHealthDescriptions: Array(2).fill({ TargetHealth: { State: 'healthy' } }),
  }),
};
const mend = status === 0 && MENDED[args.slice(0, 2).join(' ')];
process.stdout.write(mend ? JSON.stringify(mend(JSON.parse(stdout))) : stdout);
process.exitCode = status ?? 1;
