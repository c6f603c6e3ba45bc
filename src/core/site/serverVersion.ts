import { stat } from 'node:fs/promises';
import type { Environment } from '../base/userDirectories';
import type { ServerEngine } from './databaseServer';
import { runTool } from './runTool';

export type VersionAnswer =
  | { readonly kind: 'known'; readonly engine: ServerEngine; readonly version: string }
  | { readonly kind: 'unknown'; readonly evidence: string };

/** Milliseconds; a server answers in five. */
const limitMs = 5000;

/**
 * Asks server programs for their version, and remembers the answer as long as the file stays the same.
 * Owned by whoever looks at the machine again and again; failures are never remembered.
 */
export class ServerVersions {
  private readonly known = new Map<string, VersionAnswer>();

  async read(
    program: string,
    options: {
      readonly environment: Environment;
      readonly libraryFolder?: string | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<VersionAnswer> {
    const file = await stat(program);
    const key = JSON.stringify([program, file.mtimeMs, file.size, file.ino, options.libraryFolder]);
    const remembered = this.known.get(key);
    if (remembered !== undefined) return remembered;

    const outcome = await runTool({
      argv: [program, '--version'],
      environment: withLibraries(options.environment, options.libraryFolder),
      limitMs,
      signal: options.signal,
    });
    if (outcome.kind === 'not-started') return { kind: 'unknown', evidence: outcome.reason };
    if (outcome.kind === 'cut-short')
      return { kind: 'unknown', evidence: `${program} --version did not end in ${limitMs / 1000} s.` };
    const answer = parseServerVersion(outcome.output);
    if (answer === undefined)
      return { kind: 'unknown', evidence: (outcome.errorOutput || outcome.output).slice(0, 500) };
    this.known.set(key, answer);
    return answer;
  }
}

/**
 * Reads `Redis server v=7.0.15 sha=…`, `KeyDB server v=…`, `Valkey server v=…` and Valkey 7.2's `Server v=…`.
 */
export function parseServerVersion(text: string): (VersionAnswer & { readonly kind: 'known' }) | undefined {
  const found = /^(?:(Redis|KeyDB|Valkey) s|S)erver v=(\d+\.\d+\.\d+)/m.exec(text);
  if (found?.[2] === undefined) return undefined;
  const engine = found[1] === 'Redis' ? 'redis' : found[1] === 'KeyDB' ? 'keydb' : 'valkey';
  return { kind: 'known', engine, version: found[2] };
}

/** True if `version` is at least `minimum`, number by number. */
export function isAtLeast(version: string, minimum: string): boolean {
  const have = version.split('.').map(Number);
  for (const [index, needed] of minimum.split('.').map(Number).entries()) {
    const number = have[index] ?? 0;
    if (number !== needed) return number > needed;
  }
  return true;
}

/** The environment in which a program finds libraries of a folder of its own first. */
export function withLibraries(environment: Environment, libraryFolder: string | undefined): Environment {
  if (libraryFolder === undefined) return environment;
  const before = environment['LD_LIBRARY_PATH'];
  return {
    ...environment,
    LD_LIBRARY_PATH: before === undefined || before === '' ? libraryFolder : `${libraryFolder}:${before}`,
  };
}
