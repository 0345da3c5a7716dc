import { describeUpgrades, STACK_WAYS } from './upgrade';

await describeUpgrades(STACK_WAYS);
