import { describeUpgrades, TERRAFORM_WAYS } from './upgrade';

await describeUpgrades(TERRAFORM_WAYS);
