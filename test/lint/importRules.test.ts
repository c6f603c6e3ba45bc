import assert from 'node:assert/strict';
import path from 'node:path';
import { ESLint } from 'eslint';
import { projectRoot } from '../support/projectRoot';

const zoneRule = 'import-x/no-restricted-paths';
const packageRule = 'no-restricted-imports';

/** A module of each folder: the rules judge only imports that lead somewhere. */
const modules = {
  shared: 'assertNever',
  'core/base': 'result',
  'core/spec': 'experimentSpec',
  'core/site': 'site',
  'core/plan': 'deploymentPlan',
  'core/redis': 'redisReplies',
  'core/launch': 'launchEvents',
  'core/deployment': 'runSnapshot',
  'core/run': 'run',
  supervisor: 'main',
  cli: 'command',
  extension: 'contributions',
} as const;
type Folder = keyof typeof modules;
const folders = Object.keys(modules) as Folder[];

/** ARCHITECTURE.md's layers, told anew: the table of the linter must not vouch for itself. */
const mayImport: Record<Folder, readonly Folder[]> = {
  shared: [],
  'core/base': ['shared'],
  'core/spec': ['shared', 'core/base'],
  'core/site': ['shared', 'core/base'],
  'core/plan': ['shared', 'core/base', 'core/spec', 'core/site'],
  'core/redis': ['shared', 'core/base'],
  'core/launch': ['shared', 'core/base', 'core/plan', 'core/redis'],
  'core/deployment': ['shared', 'core/base', 'core/plan', 'core/launch'],
  'core/run': ['shared', 'core/base', 'core/plan', 'core/launch', 'core/deployment'],
  supervisor: folders.filter((name) => name === 'shared' || name.startsWith('core/')),
  cli: folders.filter((name) => name === 'shared' || name.startsWith('core/')),
  extension: folders.filter((name) => name === 'shared' || name.startsWith('core/')),
};

const homes = [
  { name: 'vscode', at: ['extension/x', 'extension/views/models/modelTree'], notAt: ['core/run/x', 'cli/x'] },
  { name: 'vscode', at: [], notAt: ['extension/views/models/modelNodes', 'shared/x', 'supervisor/x'] },
  { name: 'yaml', at: ['core/spec/checks/x'], notAt: ['core/plan/x', 'extension/language/x'] },
  { name: 'yaml/util', at: [], notAt: ['core/plan/x'] },
  { name: 'execa', at: ['core/site/runTool'], notAt: ['core/launch/childProcess', 'cli/x'] },
  { name: 'ioredis', at: ['core/redis/x'], notAt: ['core/launch/x', 'supervisor/x'] },
  { name: 'cluster-key-slot', at: ['core/redis/x'], notAt: ['core/launch/x', 'core/plan/x'] },
  { name: 'vscode-jsonrpc', at: ['core/run/x', 'supervisor/x'], notAt: ['core/launch/x', 'extension/x'] },
  { name: 'vscode-jsonrpc/node', at: [], notAt: ['cli/x'] },
] as const;

describe('lint of imports', () => {
  // What is asked here needs no types, and a file that does not exist has none.
  const eslint = new ESLint({
    cwd: projectRoot,
    ruleFilter: ({ ruleId }) =>
      [zoneRule, packageRule, 'no-console', 'no-restricted-properties'].includes(ruleId),
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  });

  async function rulesBroken(file: string, text: string): Promise<readonly (string | null)[]> {
    const filePath = path.join(projectRoot, 'src', `${file}.ts`);
    const [result] = await eslint.lintText(text, { filePath });
    return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? ['not linted'];
  }

  for (const from of folders) {
    it(`lets ${from} import what it may, and nothing else`, async () => {
      for (const to of folders) {
        if (to === from) continue;
        const target = path.relative(path.join('src', from), path.join('src', to, modules[to]));
        const broken = await rulesBroken(`${from}/wrong`, `import '${target}';\n`);
        assert.deepEqual(broken, mayImport[from].includes(to) ? [] : [zoneRule], `${from} imports ${to}`);
      }
    });
  }

  for (const { name, at, notAt } of homes) {
    it(`keeps ${name} at home`, async () => {
      for (const file of at) assert.deepEqual(await rulesBroken(file, `import '${name}';\n`), [], file);
      for (const file of notAt) {
        for (const text of [
          `import '${name}';\n`,
          `import type { X } from '${name}';\nexport type Y = X;\n`,
        ]) {
          assert.ok((await rulesBroken(file, text)).includes(packageRule), `${file} imports ${name}`);
        }
      }
    });
  }

  it('lets the core neither print nor end the process', async () => {
    assert.deepEqual(await rulesBroken('core/plan/x', "console.log('x');\n"), ['no-console']);
    assert.deepEqual(await rulesBroken('core/plan/x', 'process.exit(1);\n'), ['no-restricted-properties']);
  });
});
