// What the workflow `drift` ends with:
//
//   node .github/scripts/drift.mjs FOLDER   opens, updates or closes an issue about what differs
//
// ENVIRONMENTS are those that were to be compared, as a list in JSON. The folder has a file ENVIRONMENT.txt for each that was,
// which is empty if nothing differs. gh must be logged in.

import { driftIssue } from '../github/drift-issue';
import { runStep } from '../github/step';

runStep(driftIssue);
