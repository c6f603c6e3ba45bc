import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What a server of a run answers to whoever can read the run directory. */
export function asSupervisor(runDirectory: string, port: number, ...command: readonly string[]): string {
  const secret = readFileSync(path.join(runDirectory, 'secret'), 'utf8');
  return execFileSync('redis-cli', ['-p', String(port), '--user', 'ssw', ...command], {
    env: { ...process.env, REDISCLI_AUTH: secret },
    encoding: 'utf8',
  }).trim();
}
