import { describeUpgrades, TERRAFORM_WAYS } from './upgrade';

describeUpgrades(TERRAFORM_WAYS);
