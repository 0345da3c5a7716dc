// Loaded by --require: counts what a process does to the file system, and does at one of these calls what FAULT says.
// Calls that Node.js makes of several are made of several here, so that each of them is counted.
const fs = require('node:fs');
const { dirname, join } = require('node:path');

const [kind, at] = [process.env.FAULT, Number(process.env.FAULT_AT)];
const original = { ...fs };
const calls = [];

/** What is done at the call, given what would do half of it. */
const FAULTS = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  tear: (half) => {
    half();
    process.kill(process.pid, 'SIGKILL');
  },
  ENOSPC: () => fail('ENOSPC'),
  EACCES: () => fail('EACCES'),
  pause: () => {
    original.writeFileSync(process.env.FAULT_PAUSED, '');
    while (!original.existsSync(process.env.FAULT_RESUME)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  },
};

function fail(code) {
  throw Object.assign(new Error(`${code}: by the test`), { code, errno: -1, syscall: 'test' });
}

function step(name, half = () => {}) {
  calls.push(name);
  if (calls.length === at) FAULTS[kind](half);
}

for (const name of ['renameSync', 'unlinkSync', 'rmdirSync', 'chmodSync']) {
  fs[name] = (...args) => {
    step(name);
    return original[name](...args);
  };
}
fs.writeFileSync = (file, content, options) => {
  step('writeFileSync', () => original.writeFileSync(file, content.slice(0, content.length / 2), options));
  return original.writeFileSync(file, content, options);
};
fs.copyFileSync = (from, to) => {
  const content = original.readFileSync(from);
  step('copyFileSync', () => original.writeFileSync(to, content.subarray(0, content.length / 2)));
  return original.copyFileSync(from, to);
};
fs.mkdirSync = (path, options) => {
  if (options?.recursive && original.existsSync(path)) return undefined;
  const first = options?.recursive ? fs.mkdirSync(dirname(path), options) : undefined;
  step('mkdirSync');
  original.mkdirSync(path);
  return first ?? path;
};
fs.rmSync = (path, { recursive, force } = {}) => {
  const status = original.lstatSync(path, { throwIfNoEntry: false });
  if (!status && force) return;
  if (recursive && status?.isDirectory()) {
    for (const name of original.readdirSync(path)) fs.rmSync(join(path, name), { recursive, force });
    fs.rmdirSync(path);
  } else {
    fs.unlinkSync(path);
  }
};
process.on('exit', () => {
  if (process.env.FAULT_CALLS) original.writeFileSync(process.env.FAULT_CALLS, calls.join('\n'));
});
