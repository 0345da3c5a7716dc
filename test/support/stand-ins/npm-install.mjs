// An npm that installs without a registry: it makes node_modules with PACKAGES in all, and the lock file. Any other call reports
// as many passed and failed tests as PASSED and FAILED say, as src/operations/test-reporter.ts does.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const { PACKAGES, PASSED, FAILED } = process.env;

if (process.argv[2] !== 'install') {
  const events = 'node_modules/.cache/create-quilt-mcp-deploy/tests.jsonl';
  for (let n = 0; n < Number(PASSED); n++) appendFileSync(events, '{"kind":"passed","name":"a test"}\n');
  for (let n = 0; n < Number(FAILED); n++) {
    appendFileSync(events, '{"kind":"failed","name":"a test","reason":"a reason"}\n');
  }
} else {
  const names = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).devDependencies);
  while (names.length < Number(PACKAGES)) names.push(`other-${names.length}`);
  const paths = names.map((name) => `node_modules/${name}`);
  for (const path of paths) {
    mkdirSync(path, { recursive: true });
    writeFileSync(`${path}/package.json`, '{}');
  }
  const lock = { lockfileVersion: 3, packages: Object.fromEntries(['', ...paths].map((path) => [path, {}])) };
  writeFileSync('package-lock.json', JSON.stringify(lock));
}
