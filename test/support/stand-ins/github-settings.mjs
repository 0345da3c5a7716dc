// Stands in for gh and the settings of a repository behind it, which are kept in the file that GH_STATE names. It takes `gh api` with the calls
// that set a repository up, and nothing else. Source: GitHub's REST API documentation, "Deployment environments", "Protected branches" and
// "Actions variables". GitHub does not say what becomes of fields that a change of an environment leaves out: here they are gone.
import { readFileSync, writeFileSync } from 'node:fs';

const args = process.argv.slice(2);
const state = JSON.parse(readFileSync(process.env.GH_STATE, 'utf8'));

function refuse(status, message) {
  process.stdout.write(JSON.stringify({ message, status: String(status) }));
  process.stderr.write(`gh: ${message} (HTTP ${status})\n`);
  process.exit(1);
}

const [word, flag, method, path, ...more] = args;
if (word !== 'api' || flag !== '--method') refuse(400, `not known here: ${args.join(' ')}`);
const body = more[0] === '--input' ? JSON.parse(readFileSync(0, 'utf8')) : undefined;
if (method !== 'GET') state.calls.push(`${method} ${path}`);
if (state.refuses && method !== 'GET' && path.includes(state.refuses)) {
  writeFileSync(process.env.GH_STATE, JSON.stringify(state));
  refuse(403, 'Upgrade to GitHub Team or make this repository public to enable this feature.');
}

const { repository } = state;
const at = (pattern) => new RegExp(`^repos/${repository?.full_name}${pattern}$`).exec(path);
const ROUTES = {
  GET: [
    [at(''), () => repository],
    [/^users\/([^/]+)$/.exec(path), ([, login]) => state.users[login] && { id: state.users[login] }],
    [/^orgs\/([^/]+\/teams\/[^/]+)$/.exec(path), ([, team]) => state.teams[team] && { id: state.teams[team] }],
    [at('/environments\\?per_page=100'), () => ({ total_count: 0, environments: Object.values(state.environments) })],
    [at('/branches/([^/]+)'), ([, name]) => state.branches[name] && { name }],
    [at('/branches/([^/]+)/protection'), ([, name]) => state.branches[name]?.protection],
    [at('/actions/variables/([^/]+)'), ([, name]) => state.variables[name] && { name, value: state.variables[name] }],
  ],
  PUT: [
    [
      at('/environments/([^/]+)'),
      ([, name]) => {
        const { wait_timer = 0, prevent_self_review = false, reviewers, deployment_branch_policy = null } = body ?? {};
        state.environments[name] = {
          name,
          deployment_branch_policy,
          protection_rules: [
            ...(wait_timer ? [{ type: 'wait_timer', wait_timer }] : []),
            ...(reviewers?.length
              ? [
                  {
                    type: 'required_reviewers',
                    prevent_self_review,
                    reviewers: reviewers.map(({ type, id }) => ({ type, reviewer: { id } })),
                  },
                ]
              : []),
            ...(deployment_branch_policy ? [{ type: 'branch_policy' }] : []),
          ],
        };
        return state.environments[name];
      },
    ],
    [
      at('/branches/([^/]+)/protection'),
      ([, name]) => {
        const { enforce_admins, ...rest } = body;
        state.branches[name].protection = { ...rest, enforce_admins: { enabled: enforce_admins } };
        return state.branches[name].protection;
      },
    ],
  ],
  POST: [
    [
      at('/actions/variables'),
      () => {
        state.variables[body.name] = body.value;
        return {};
      },
    ],
  ],
  PATCH: [
    [
      at('/actions/variables/([^/]+)'),
      ([, name]) => {
        state.variables[name] = body.value;
        return {};
      },
    ],
  ],
};
const [found, run] = ROUTES[method].find(([match]) => match) ?? [];
if (!found) refuse(404, 'Not Found');
const answer = run(found);
if (!answer) refuse(404, 'Not Found');
// Several may look at a time.
if (method !== 'GET') writeFileSync(process.env.GH_STATE, JSON.stringify(state));
process.stdout.write(JSON.stringify(answer));
