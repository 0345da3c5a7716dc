// What the workflow `upgrade` does. By hand, with a working copy that has no changes:
//
//   node .github/scripts/upgrade.mjs prepare FOLDER   upgrades it, and writes what that changed to FOLDER
//   node .github/scripts/upgrade.mjs propose FOLDER   opens or updates a pull request with it
//   node .github/scripts/upgrade.mjs report FOLDER    opens, updates or closes an issue about it
//
// The first runs packages from a registry, so it is given no credentials. The others need gh to be logged in, and run nothing
// of what was prepared. BASE is the branch that it is for, by default the one that is checked out.

import { runStep } from '../github/step';
import { upgrade } from '../github/upgrade';

runStep(upgrade);
