// Compiling the engine, a module of the database server in C (engine/README.md).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { manifest, root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';

/**
 * Where the engine for a platform lies, as the program looks for it.
 * @param {string} platform such as `linux-x64`
 */
export const engineOf = (platform) => path.join(root, 'dist/engine', platform, 'engine.so');

/** Where the build leaves the engine for this machine. */
export const engineFile = engineOf(`${process.platform}-${process.arch}`);

const sources = path.join(root, 'engine/src');

const warnings = [
  ...[
    '-Wall',
    '-Wextra',
    '-Wpedantic',
    '-Wconversion',
    '-Wshadow',
    '-Wstrict-prototypes',
    '-Wmissing-prototypes',
  ],
  ...['-Wundef', '-Wvla', '-Wcast-qual', '-Wformat=2', '-Werror'],
];

/**
 * What every compiler is told, also a user's, who has no warnings made errors (src/core/site/buildEngine.ts). What is missing in the C
 * library is an error where it is compiled, not where it is loaded; the name keeps paths out of what macOS loads.
 * @type {{ common: string[], release: string[], linux: string[], darwin: string[] }}
 */
const told = JSON.parse(readFileSync(path.join(sources, 'compile.json'), 'utf8'));

const common = [...told.common, ...warnings, `-DENGINE_VERSION="${manifest.version}"`];

/** @param {string} system */
const linking = (system) => (system === 'darwin' ? told.darwin : told.linux);

/** Memory is the C library's, so that the sanitizers see it; the first report ends the server. */
const checked = [
  ...['-O1', '-g', '-fno-omit-frame-pointer', '-DENGINE_OWN_MALLOC'],
  ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
];

/** For Valgrind, which sees no memory that the server takes from an allocator of its own. */
const traced = ['-O1', '-g', '-fno-omit-frame-pointer', '-DENGINE_OWN_MALLOC'];

const kinds = { release: told.release, checked, traced };

/** The C compiler: what `CC` says, a program and words that it is given (`ccache gcc`), or `cc`. */
const [ownCompiler = 'cc', ...ownWords] = (process.env['CC'] ?? '')
  .split(/\s+/)
  .filter((word) => word !== '');

/** Whether there is a C compiler here. */
export const canCompile = () =>
  spawnSync(ownCompiler, [...ownWords, '--version'], { stdio: 'ignore' }).status === 0;

/**
 * Compiles the engine; throws if that fails.
 * @param {string} file to write
 * @param {keyof typeof kinds} kind
 * @param {{ compiler?: readonly string[], system?: string, env?: NodeJS.ProcessEnv }} [other] for another machine: the compiler, with
 *   what makes it compile for it, and the machine's system
 */
export function compileEngine(file, kind, other = {}) {
  const { compiler = [ownCompiler, ...ownWords], system = process.platform, env = process.env } = other;
  const [program = ownCompiler, ...target] = compiler;
  mkdirSync(path.dirname(file), { recursive: true });
  const units = readdirSync(sources)
    .filter((name) => name.endsWith('.c'))
    .map((name) => path.join('engine/src', name));
  // From the checkout's root: no path of this machine gets into the library.
  const options = [...target, ...common, ...kinds[kind], ...(kind === 'release' ? linking(system) : [])];
  runToEnd(program, [...options, '-o', file, ...units], { cwd: root, env });
}

/** The library that has to be loaded before a program in which a checked engine is to run. */
export function sanitizerLibrary() {
  const { stdout } = spawnSync(ownCompiler, [...ownWords, '-print-file-name=libasan.so'], {
    encoding: 'utf8',
  });
  return stdout.trim();
}
