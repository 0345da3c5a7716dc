// What the workflow `validate` ends with, of the pull request PR at the commit PLANNED of its branch:
//
//   node .github/scripts/plan.mjs FOLDER   makes or updates one comment that says what merging would change
//
// ENVIRONMENTS are those that were to be planned, as a list in JSON. The folder has a file ENVIRONMENT.txt for each that was.
// gh must be logged in, as the workflow's own token is.

import { planComment } from '../github/plan-comment';
import { runStep } from '../github/step';

runStep(planComment);
