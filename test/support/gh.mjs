// Stands in for GitHub's command line and what is behind it: pull requests, issues, comments and labels are kept in the file that
// GH_STATE names. It takes what the emitted scripts say to it, and nothing else.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const flag = { type: 'boolean' };
const OPEN_PULL = 'map(select(.isCrossRepository | not))[0].number // empty';
const DECLINED_PULL = 'map(select((.isCrossRepository | not) and .mergedAt == null))[0].number // empty';
const OPEN_ISSUE = '.[0].number // empty';
const OWN_COMMENT =
  /^\.\[\] \| select\(\.user\.login == "([^"]+)" and \(\.body \| startswith\("([^"]+)"\)\)\) \| \.id$/;

const COMMANDS = {
  'pr list': {
    options: { state: text, base: text, head: text, json: text, jq: text },
    run: (state, { state: wanted, base, head, json, jq }) => {
      const known = {
        open: ['number,isCrossRepository', OPEN_PULL],
        closed: ['number,isCrossRepository,mergedAt', DECLINED_PULL],
      };
      expect(`${known[wanted]}` === `${[json, jq]}`, `pr list asks for ${json} and ${jq}`);
      const found = state.pulls.filter((one) => one.state === wanted && one.base === base && one.head === head);
      return found.filter(({ isCrossRepository }) => !isCrossRepository).at(-1)?.number;
    },
  },
  'pr create': {
    options: { base: text, head: text, title: text, 'body-file': text, draft: flag },
    run: (state, { base, head, title, 'body-file': file, draft = false }) => {
      expect(!(draft && state.noDrafts), 'Draft pull requests are not supported in this repository.');
      const taken = state.pulls.some((one) => one.state === 'open' && one.head === head && !one.isCrossRepository);
      expect(!taken, `a pull request for ${head} exists already`);
      state.pulls.push({ ...opened(state), base, head, title, body: body(file), draft, isCrossRepository: false });
    },
  },
  'pr ready': {
    options: { undo: flag },
    run: (state, { undo = false }, [number]) => {
      find(state.pulls, number).draft = undo;
    },
  },
  'issue list': {
    options: { state: text, label: text, json: text, jq: text },
    run: (state, { state: wanted, label, json, jq }) => {
      expect(json === 'number' && jq === OPEN_ISSUE, `issue list asks for ${json} and ${jq}`);
      return state.issues.find((one) => one.state === wanted && one.label === label)?.number;
    },
  },
  'issue create': {
    options: { label: text, title: text, 'body-file': text },
    run: (state, { label, title, 'body-file': file }) => {
      expect(state.labels.includes(label), `could not add label: '${label}' not found`);
      state.issues.push({ ...opened(state), label, title, body: body(file) });
    },
  },
  'issue close': {
    options: { comment: text },
    run: (state, { comment }, [number]) => {
      Object.assign(find(state.issues, number), { state: 'closed', comment });
    },
  },
  'label create': {
    options: { force: flag, color: text, description: text },
    run: (state, { force }, [name]) => {
      expect(force || !state.labels.includes(name), `label ${name} exists already`);
      state.labels = [...new Set([...state.labels, name])];
    },
  },
  api: {
    options: {
      silent: flag,
      paginate: flag,
      jq: text,
      method: text,
      'raw-field': { ...text, multiple: true },
      field: { ...text, multiple: true },
    },
    run: (state, { method = 'GET', paginate, jq, 'raw-field': raw = [], field = [] }, [path]) => {
      const given = Object.fromEntries(
        [...raw, ...field].map((one) => {
          const [key, value] = parts(one);
          return [key, field.includes(one) && value.startsWith('@') ? body(value.slice(1)) : value];
        }),
      );
      const call = `${method} ${path.replace(/\d+/, 'N')}`;
      expect(Object.hasOwn(CALLS, call), `api ${method} ${path} is not known`);
      return CALLS[call](state, /\d+/.exec(path)?.[0], given, { paginate, jq });
    },
  },
};

/** Of the API, with the number that stands in the path. */
const CALLS = {
  'PATCH repos/{owner}/{repo}/pulls/N': (state, number, given) =>
    Object.assign(find(state.pulls, number), given) && undefined,
  'PATCH repos/{owner}/{repo}/issues/N': (state, number, given) =>
    Object.assign(find(state.issues, number), given) && undefined,
  'GET repos/{owner}/{repo}/issues/N/comments': ({ comments }, number, _, { paginate, jq }) => {
    const [, author, beginning] = OWN_COMMENT.exec(jq) ?? [];
    expect(paginate && author, `api asks for comments by ${jq}`);
    const found = comments.filter((one) => one.number === Number(number) && one.author === author);
    return found
      .filter((one) => one.body.startsWith(beginning))
      .map(({ id }) => id)
      .join('\n');
  },
  'POST repos/{owner}/{repo}/issues/N/comments': ({ comments }, number, given) => {
    comments.push({ id: 1000 + comments.length, number: Number(number), author: 'github-actions[bot]', ...given });
  },
  'PATCH repos/{owner}/{repo}/issues/comments/N': ({ comments }, id, given) => {
    const found = comments.find((one) => one.id === Number(id));
    expect(found, `there is no comment ${id}`);
    Object.assign(found, given);
  },
};

function expect(holds, message) {
  if (holds) return;
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function find(list, number) {
  const found = list.find((one) => one.number === Number(number));
  expect(found, `there is no number ${number}`);
  return found;
}

function opened({ pulls, issues }) {
  return { number: pulls.length + issues.length + 1, state: 'open' };
}

function parts(field) {
  const at = field.indexOf('=');
  return [field.slice(0, at), field.slice(at + 1)];
}

function body(file) {
  const content = readFileSync(file, 'utf8');
  expect(content.length <= 65536, 'Body is too long (maximum is 65536 characters)');
  return content;
}

const args = process.argv.slice(2);
const name = Object.keys(COMMANDS).find((command) => args.join(' ').startsWith(`${command} `));
expect(name, `gh ${args.join(' ')} is not known`);
expect(process.env.GH_TOKEN, 'To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.');
const { options, run } = COMMANDS[name];
const { values, positionals } = parseArgs({
  args: args.slice(name.split(' ').length),
  options,
  allowPositionals: true,
});
const state = JSON.parse(readFileSync(process.env.GH_STATE, 'utf8'));
state.calls.push(name);
const answer = run(state, values, positionals);
writeFileSync(process.env.GH_STATE, JSON.stringify(state));
if (answer !== undefined) process.stdout.write(`${answer}\n`);
