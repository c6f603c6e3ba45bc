// Compiling the engine, a module of the database server in C (engine/README.md).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { manifest, root } from './checkout.mjs';
import { runToEnd } from './childProcesses.mjs';

/** Where the build leaves the engine. */
export const engineFile = path.join(root, 'dist/engine/engine.so');

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

const common = [
  ...['-std=c11', '-fPIC', '-shared', '-fvisibility=hidden', '-D_POSIX_C_SOURCE=200809L', ...warnings],
  `-DENGINE_VERSION="${manifest.version}"`,
];

const release = [
  ...['-O3', '-fno-math-errno'],
  // What is missing in the C library is an error here, not at a user's.
  ...(process.platform === 'linux' ? ['-Wl,-z,defs,-z,relro,-z,now'] : ['-Wl,-undefined,error']),
];

/** Memory is the C library's, so that the sanitizers see it; the first report ends the server. */
const checked = [
  ...['-O1', '-g', '-fno-omit-frame-pointer', '-DENGINE_OWN_MALLOC'],
  ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
];

/** For Valgrind, which sees no memory that the server takes from an allocator of its own. */
const traced = ['-O1', '-g', '-fno-omit-frame-pointer', '-DENGINE_OWN_MALLOC'];

const kinds = { release, checked, traced };

/** The C compiler: `CC`, or `cc`. */
const compiler = process.env['CC'] || 'cc';

/** Whether there is a C compiler here. */
export const canCompile = () => spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * Compiles the engine; throws if that fails.
 * @param {string} file to write
 * @param {keyof typeof kinds} kind
 */
export function compileEngine(file, kind) {
  mkdirSync(path.dirname(file), { recursive: true });
  const units = readdirSync(sources)
    .filter((name) => name.endsWith('.c'))
    .map((name) => path.join('engine/src', name));
  // From the checkout's root: no path of this machine gets into the library.
  runToEnd(compiler, [...common, ...kinds[kind], '-o', file, ...units], { cwd: root });
}

/** The library that has to be loaded before a program in which a checked engine is to run. */
export function sanitizerLibrary() {
  const { stdout } = spawnSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  return stdout.trim();
}
