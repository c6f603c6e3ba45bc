import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { severityOf, type Problem } from '../../../src/core/base/problem';
import { planDeployment } from '../../../src/core/plan/planDeployment';
import { questionsOf } from '../../../src/core/plan/questionsOf';
import type { ExecutableAnswer } from '../../../src/core/site/findExecutable';
import type { Site } from '../../../src/core/site/site';
import { assertGolden } from '../../support/golden';
import { projectRoot } from '../../support/projectRoot';
import { quietSite } from '../../support/quietSite';
import { specOf } from '../../support/specOf';

const runId = '20261123T145109-3fa9';
const fixtures = path.join(projectRoot, 'test/fixtures/plans');

const text = `
version: 1
experiment: lattice
orchestrator: {port: 6780}
models:
  sim:
    run_settings: {exe: simulate, exe_args: [run.cfg], run_command: mpirun}
    files: {to_copy: [input.cfg]}
`;

/** Plans `text` on a quiet site that is changed a little. */
function plan(change: Partial<Site>, experiment = text): ReturnType<typeof planDeployment> {
  const spec = specOf(experiment);
  const questions = questionsOf(spec);
  const site = quietSite(questions);
  // Nothing lies in the working directory yet.
  const files = new Map(
    [...site.files].map(
      ([file, answer]) => [file, file.startsWith('/lab/lattice') ? 'missing' : answer] as const,
    ),
  );
  return planDeployment(spec, { ...site, files, ...change }, runId);
}

function told(problems: readonly Problem[]): readonly string[] {
  return problems.map((found) => `${severityOf(found)} ${found.code} ${(found.place?.path ?? []).join('.')}`);
}

describe('planDeployment', () => {
  for (const name of readdirSync(fixtures).filter((file) => file.endsWith('.yaml')))
    it(`makes the expected plan of ${name}`, () => {
      const spec = specOf(readFileSync(path.join(fixtures, name), 'utf8'), `/experiments/${name}`);
      const planned = planDeployment(spec, quietSite(questionsOf(spec)), runId);
      assert(planned.ok, told(planned.problems).join('\n'));
      assertGolden(path.join(fixtures, name.replace(/\.smartsim\.yaml$/, '.plan.json')), planned.value);
    });

  it('asks for all that it needs and nothing twice', () => {
    const spec = specOf(text.replace('mpirun', 'simulate'));
    assert.deepEqual(questionsOf(spec), {
      servers: true,
      aiModules: true,
      ports: [{ port: 6780, networkInterfaces: ['lo'], servers: 1, clustered: false }],
      executables: ['simulate'],
      folder: '/lab',
      files: ['/lab/input.cfg', '/lab/run.cfg', '/lab/lattice/sim/run.cfg'],
      directories: ['/lab/lattice', '/lab/lattice/sim'],
    });
  });

  it('asks for the folder of a socket, and refuses one that cannot be written to', () => {
    const experiment = text.replace('{port: 6780}', '{port: 6780, unix_socket: /run/x/redis.sock}');
    const folder = { nearest: '/run', kind: 'not-writable' } as const;
    const directories = new Map([['/run/x', folder]]);
    assert.ok(questionsOf(specOf(experiment)).directories.includes('/run/x'));
    const planned = plan({ directories }, experiment);
    assert.ok(told(planned.problems).includes('error directory-not-writable orchestrator.unix_socket'));
  });

  it('lets clients configure with a warning, and never where they could write files', () => {
    const experiment = text.replace('{port: 6780}', '{port: 6780, client_config: true}');
    assert.ok(
      told(plan({}, experiment).problems).includes('warning client-config-open orchestrator.client_config'),
    );
    const server = {
      origin: 'path',
      path: '/usr/bin/redis-server',
      engine: 'redis',
      version: '6.2.14',
    } as const;
    const old = plan({ servers: [{ kind: 'usable', server }] }, experiment);
    assert.ok(told(old.problems).includes('error client-config-unsafe orchestrator.client_config'));
    assert.equal(old.ok, false);
  });

  it('starts without tensors where nothing serves them, and says so', () => {
    const planned = plan({ aiModules: [] });
    assert.ok(planned.ok);
    assert.equal(planned.value.orchestrators[0]?.ai, 'none');
    assert.equal(planned.value.engine, undefined);
    assert.ok(told(planned.problems).includes('warning no-tensors orchestrator.ai'));
    const needed = plan({ aiModules: [] }, text.replace('{port: 6780}', '{port: 6780, ai: builtin}'));
    assert.ok(told(needed.problems).includes('error no-engine orchestrator.ai'));
  });

  it('needs no server where there is no orchestrator', () => {
    const spec = specOf('version: 1\nexperiment: x\nmodels: {a: {run_settings: {exe: a}}}');
    assert.equal(questionsOf(spec).servers, false);
    const planned = planDeployment(spec, { ...quietSite(questionsOf(spec)), servers: [] }, runId);
    assert(planned.ok);
    assert.deepEqual(planned.value.models[0]?.environment, {});
  });

  it('gives libraries of its own to the server alone', () => {
    const server = {
      origin: 'installed',
      path: '/d/redis-server',
      engine: 'redis',
      version: '7.0.15',
    } as const;
    const planned = plan({ servers: [{ kind: 'usable', server: { ...server, libraryFolder: '/d/lib' } }] });
    assert(planned.ok);
    assert.deepEqual(planned.value.orchestrators[0]?.shards[0]?.argv.slice(0, 3), [
      '/usr/bin/env',
      'LD_LIBRARY_PATH=/d/lib',
      '/d/redis-server',
    ]);
    assert.equal(planned.value.models[0]?.environment['LD_LIBRARY_PATH'], undefined);
  });

  const taken = { kind: 'taken', port: 6780, address: '127.0.0.1' } as const;
  const holder = { pid: 7, name: 'redis-server', commandLine: 'redis-server *:6780', directory: '/' };
  const ownRuns = '/lab/lattice/.smartsim/workbench/20260101T000000-0000/shards/orchestrator_0';
  const file = (name: string, answer: 'missing' | 'unreadable' | 'other' | 'file'): Partial<Site> => ({
    files: new Map([[name, answer]]),
  });
  const program = (
    name: string,
    kind: 'directory' | 'not-executable' | 'no-program' | 'missing',
  ): Partial<Site> => ({
    executables: new Map<string, ExecutableAnswer>([
      ['simulate', { kind: 'found', path: '/usr/bin/simulate' }],
      ['mpirun', { kind: 'found', path: '/usr/bin/mpirun' }],
      [name, kind === 'missing' ? { kind } : { kind, path: `/x/${name}` }],
    ]),
  });
  const directory = (name: string, kind: 'not-writable' | 'not-a-directory'): Partial<Site> => ({
    directories: new Map([[name, { nearest: '/lab', kind }]]),
  });
  const staged = 'warning file-not-staged models.sim.run_settings.exe_args.0';
  const cases: readonly (readonly [what: string, change: Partial<Site>, expected: readonly string[]])[] = [
    ['no server', { servers: [] }, ['error no-server orchestrator.engine', staged]],
    [
      'a port that is taken',
      { ports: [{ ...taken, holder: { user: 'ann', process: holder } }] },
      ['error port-taken orchestrator.port', staged],
    ],
    [
      'a bus port that is taken',
      { ports: [{ ...taken, port: 16_780, busOf: 6780, holder: { user: 'ann' } }] },
      ['error bus-port-taken orchestrator.port', staged],
    ],
    [
      'a port of another user',
      { ports: [{ ...taken, holder: { user: 'ann' } }] },
      ['error port-taken-by-user orchestrator.port', staged],
    ],
    [
      'a port of nobody knows whom',
      { ports: [{ ...taken, holder: {} }] },
      ['error port-taken-by-unknown orchestrator.port', staged],
    ],
    [
      'a port of another run',
      { ports: [{ ...taken, holder: { process: { ...holder, runId: 'r' } } }] },
      ['error port-taken-by-run orchestrator.port', staged],
    ],
    [
      'a port of a run of this experiment',
      { ports: [{ ...taken, holder: { process: { ...holder, runId: 'r', directory: ownRuns } } }] },
      ['information port-used-by-own-run orchestrator.port', staged],
    ],
    ['no free port', { ports: [{ kind: 'none-free' }] }, ['error no-free-port orchestrator.port', staged]],
    [
      'a missing program',
      program('simulate', 'missing'),
      ['error executable-missing models.sim.run_settings.exe', staged],
    ],
    [
      'a directory as program',
      program('simulate', 'directory'),
      ['error executable-is-directory models.sim.run_settings.exe', staged],
    ],
    [
      'a run command without permission',
      program('mpirun', 'not-executable'),
      ['error executable-not-allowed models.sim.run_settings.run_command', staged],
    ],
    [
      'a text that names no interpreter',
      program('simulate', 'no-program'),
      ['error executable-no-program models.sim.run_settings.exe', staged],
    ],
    [
      'a script without its interpreter',
      {
        executables: new Map<string, ExecutableAnswer>([
          ['simulate', { kind: 'interpreter-missing', path: '/x/simulate', interpreter: '/x/python3' }],
          ['mpirun', { kind: 'found', path: '/usr/bin/mpirun' }],
        ]),
      },
      ['error executable-interpreter-missing models.sim.run_settings.exe', staged],
    ],
    [
      'a missing file',
      file('/lab/input.cfg', 'missing'),
      ['error staged-file-missing models.sim.files.to_copy.0'],
    ],
    [
      'an unreadable file',
      file('/lab/input.cfg', 'unreadable'),
      ['error staged-file-unreadable models.sim.files.to_copy.0'],
    ],
    [
      'a device as file',
      file('/lab/input.cfg', 'other'),
      ['error staged-file-special models.sim.files.to_copy.0'],
    ],
    [
      'a directory without permission',
      directory('/lab/lattice', 'not-writable'),
      ['error directory-not-writable experiment', staged],
    ],
    [
      'a file in place of a directory',
      directory('/lab/lattice/sim', 'not-a-directory'),
      ['error directory-is-file models.sim.path', staged],
    ],
  ];
  for (const [what, change, expected] of cases)
    it(`tells ${what}, at its place`, () => {
      assert.deepEqual(told(plan(change).problems), expected);
    });

  it('tells of interfaces that are unknown, without address or open to others', () => {
    const on = (name: string): readonly string[] =>
      told(plan({}, text.replace('6780}', `6780, interface: ${name}}`)).problems).slice(0, -1);
    assert.deepEqual(on('ib7'), ['error interface-unknown orchestrator.interface']);
    assert.deepEqual(on('eth9'), ['error interface-without-address orchestrator.interface']);
    assert.deepEqual(on('ib0'), ['warning interface-exposed orchestrator.interface']);
  });

  it('listens where the file says, and tells clients so', () => {
    const planned = plan({}, text.replace('6780}', 'auto, interface: [ib0, lo]}'));
    assert(planned.ok);
    const [orchestrator] = planned.value.orchestrators;
    assert.equal(orchestrator?.ssdb, '10.1.2.3:23456');
    assert.match(
      orchestrator.shards[0]?.configuration.text ?? '',
      /^bind "10.1.2.3" "127.0.0.1"\nport "23456"\nprotected-mode "no"\n/,
    );
  });

  it('refuses a workload manager only where the file leaves the choice', () => {
    const slurm = { workloadManager: 'slurm' } as const;
    assert.deepEqual(
      told(plan(slurm, text.replace('orchestrator:', 'launcher: auto\norchestrator:')).problems),
      ['error workload-manager-not-supported-yet launcher', staged],
    );
    assert.deepEqual(told(plan(slurm).problems), [staged]);
  });

  it('warns where the machine ends runs at logout', () => {
    const ends = {
      session: { kind: 'with-session', saidBy: '/etc/systemd/logind.conf', lingers: true },
      user: { kind: 'with-session', saidBy: '/etc/systemd/logind.conf', lingers: false },
      last: { kind: 'with-last-session' },
    } as const;
    const codes = Object.values(ends).map((logoutEnd) => told(plan({ logoutEnd }).problems)[0]);
    assert.deepEqual(codes, [
      'warning run-ends-with-session launcher',
      'warning run-ends-with-session-and-user launcher',
      'warning run-ends-with-last-session launcher',
    ]);
  });

  it('warns of no argument whose file will be there', () => {
    const copied = text.replace('[input.cfg]', '[input.cfg, run.cfg]');
    assert.deepEqual(told(plan({}, copied).problems), []);
    const there = new Map([
      ['/lab/input.cfg', 'file'],
      ['/lab/run.cfg', 'file'],
      ['/lab/lattice/sim/run.cfg', 'file'],
    ] as const);
    assert.deepEqual(told(plan({ files: there }).problems), []);
  });

  it('refuses two files of one name', () => {
    const twice = text.replace('[input.cfg]', '[input.cfg, other/input.cfg]');
    assert.deepEqual(told(plan({}, twice).problems), [
      'error staged-twice models.sim.files.to_copy.1',
      staged,
    ]);
  });

  it('leaves alone what lies in the working directory already', () => {
    const planned = plan({}, text.replace('    run_settings', '    path: .\n    run_settings'));
    assert(planned.ok);
    assert.deepEqual(planned.value.models[0]?.stage, []);
  });

  it('refuses to let mpirun change the working directory', () => {
    const moved = text.replace('mpirun}', 'mpirun, run_args: {wdir: /tmp}}');
    assert.deepEqual(told(plan({}, moved).problems), [
      'error run-argument-reserved models.sim.run_settings.run_args.wdir',
      staged,
    ]);
  });

  it('refuses paths that the system would refuse', () => {
    const long = text.replace('orchestrator:', `path: ${`${'é'.repeat(90)}/`.repeat(23)}\norchestrator:`);
    assert.deepEqual(told(plan({}, long).problems).slice(0, 2), [
      'error path-too-long path',
      'error path-too-long models.sim.path',
    ]);
  });
});
