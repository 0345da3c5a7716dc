import { otherCases } from './matrix';
import { ACCOUNT, describeParity } from './parity';

await describeParity(otherCases(ACCOUNT));
