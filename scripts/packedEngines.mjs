// The engine's library for every platform of the package, made on any of them by one pinned compiler (ADR 20).
import path from 'node:path';
import { compileEngine, engineOf } from './engine.mjs';
import { root } from './checkout.mjs';
import { pythonEnvironment } from './pythonEnvironment.mjs';
import { findComponent } from './systemComponents.mjs';

/** What the compiler calls each platform; on Linux no symbol may be newer than this glibc. */
const targets = {
  'linux-x64': 'x86_64-linux-gnu.2.17',
  'linux-arm64': 'aarch64-linux-gnu.2.17',
  'darwin-x64': 'x86_64-macos',
  'darwin-arm64': 'aarch64-macos',
};

/** Compiles the engine for each platform; throws if that fails. */
export function compilePackedEngines() {
  const python = findComponent('smartredis-python') ?? findComponent('python');
  if (python === undefined)
    throw new Error(
      'Python 3 with the module venv is missing: the package is made with a compiler from its registry.',
    );
  const zig = [pythonEnvironment('zig', python), '-m', 'ziglang', 'cc'];
  const cache = path.join(root, '.host/zig/cache');
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache };
  for (const [platform, target] of Object.entries(targets)) {
    const compiler = [...zig, '-target', target];
    compileEngine(engineOf(platform), 'release', { compiler, system: platform.replace(/-.*/, ''), env });
  }
}
