import { expect, it } from 'vitest';

import { assignAnswer } from '../../../src/cli/assign';
import { withValue } from '../../../src/config/paths';
import { valueOfText } from '../../../src/config/text-value';
import { exampleWith, pathOf, problemsOf } from '../../support/answers';

const SUBNETS = ['subnet-01234567', 'subnet-89abcdef'];

/** What --set is given at a place, and what a file would have there. */
const values: readonly [place: string, text: string, value: unknown][] = [
  ['dev.account', '012345678901', '012345678901'],
  ['dev.account', '1e5', '1e5'],
  ['repository.ownerId', '583231', 583231],
  ['repository.ownerId', 'null', null],
  ['image.digest', 'null', null],
  ['image.version', '0.10', '0.10'],
  ['tags.Owner', 'null', 'null'],
  ['tags.Other', 'true', 'true'],
  ['dev.environment.COUNT', '5', '5'],
  ['dev.environment.JSON', '{"a": 1}', '{"a": 1}'],
  ['dev.environment.EMPTY', '', ''],
  ['dev.environment.SPACES', ' a ', ' a '],
  ['dev.capacity.cpu', '1024', 1024],
  ['dev.capacity.desired', '500', 500],
  ['dev.capacity.desired', '-1', -1],
  ['dev.capacity.desired', '1.5', 1.5],
  ['dev.capacity.desired', ' 2 ', 2],
  ['dev.capacity.desired', 'two', 'two'],
  ['dev.capacity.desired', '1_000', '1_000'],
  ['dev.capacity.desired', '', ''],
  ['dev.deployment.percent', '50', 50],
  ['dev.retainData', 'true', true],
  ['dev.retainData', 'yes', 'yes'],
  ['dev.routing.stickiness', 'false', false],
  ['oidcProviders.111122223333.create', 'true', true],
  ['dev.network.privateSubnetIds', SUBNETS[0]!, [SUBNETS[0]]],
  ['dev.network.privateSubnetIds', SUBNETS.join(','), SUBNETS],
  ['dev.network.privateSubnetIds', SUBNETS.join(', '), SUBNETS],
  ['dev.network.privateSubnetIds', JSON.stringify(SUBNETS), SUBNETS],
  ['dev.network.privateSubnetIds', `[${SUBNETS.join(',')}]`, SUBNETS],
  ['dev.network.privateSubnetIds', '', []],
  ['dev.network.egressPorts', '3128', [3128]],
  ['dev.network.egressPorts', '3128,8443', [3128, 8443]],
  ['dev.network.egressPorts', '[3128, 8443]', [3128, 8443]],
  ['dev.network.egressPorts', '3128,proxy', [3128, 'proxy']],
  ['dev.notSecrets', '1,null', ['1', 'null']],
  ['dev.cors.allowedOrigins', 'http://[::1]:6274', ['http://[::1]:6274']],
  ['dev.notSecrets', 'A_TOKEN', ['A_TOKEN']],
  ['delivery.runner', 'self-hosted', 'self-hosted'],
  ['delivery.runner', '["self-hosted","vpn"]', ['self-hosted', 'vpn']],
  ['delivery.runner', '{"group": "vpn"}', { group: 'vpn' }],
  ['dev.routing', '{"mode": "path", "host": "a.example.com"}', { mode: 'path', host: 'a.example.com' }],
  ['dev.secrets', '{}', {}],
  ['dev.routing', 'path', 'path'],
  ['no.such.place', '5', '5'],
  ['no.such.place', '[1]', [1]],
];

it.each(values)('the text of %s=%j is taken as a file would have it', (place, text, value) => {
  expect(valueOfText(pathOf(place), text)).toEqual(value);
});

it.each(
  // What is too large, too few, of the wrong type, or unknown.
  [
    ['dev.capacity.desired', '500', 500],
    ['dev.capacity.desired', 'two', 'two'],
    ['dev.capacity.cpu', '300', 300],
    ['dev.logs.retention', '31', 31],
    ['dev.routing.priority', '0', 0],
    ['dev.network.privateSubnetIds', 'subnet-01234567', ['subnet-01234567']],
    ['dev.network.albSecurityGroupIds', '', []],
    ['dev.cors.allowedOrigins', '*', ['*']],
    ['dev.network.egressPorts', '3128,proxy', [3128, 'proxy']],
    ['dev.network.egressPorts', '70000', [70000]],
    ['dev.retainData', 'yes', 'yes'],
    ['repository.ownerId', '0', 0],
    ['dev.auth.mode', 'none', 'none'],
    ['dev.logs', '30', '30'],
    ['dev.account', '1', '1'],
  ] as const,
)('the problems of --set %s=%s are the same as of the value in a file', (place, text, value) => {
  const assigned = exampleWith({});
  assignAnswer(assigned, `${pathOf(place).join('.')}=${text}`);
  const written = withValue(exampleWith({}), pathOf(place), value);
  expect(problemsOf(assigned)).toEqual(problemsOf(written));
  expect(problemsOf(assigned)).not.toEqual([]);
});
