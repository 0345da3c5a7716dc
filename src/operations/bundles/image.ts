// What the workflows `publish-image`, `promote` and `rollback` end with: that an environment runs another image is one line
// of one file. The variables ENVIRONMENT and DIGEST say which.
//
//   node .github/scripts/image.mjs propose   opens or updates a pull request that changes deploy/images/ENVIRONMENT.json
//   node .github/scripts/image.mjs print     says how to do the same by hand
//
// The first needs gh to be logged in. For those who approve it, KIND (publish, promote, rollback), TAG and PROMOTED_FROM say
// what image that is, UNSIGNED why nobody looks for its signature, and GITHUB_SERVER_URL, GITHUB_REPOSITORY and GITHUB_RUN_ID
// which run proposes it; each may be left out. BASE is the branch that it is for, by default the one that is checked out.

import { imageProposal } from '../github/image-proposal';
import { runStep } from '../github/step';

runStep(imageProposal);
