import { describeUpgrades, STACK_WAYS } from './upgrade';

describeUpgrades(STACK_WAYS);
