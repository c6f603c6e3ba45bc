import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { systemErrorCode } from './fileProblem';
import type { RedisCredentials } from '../redis/redisConnection';

/** The user of a run's servers who may do everything: whoever can read the run directory. */
const supervisorUser = 'ssw';

/** Holds the secret of that user (0600), and nothing else does: for the supervisor, and for one that adopts the run. */
export function secretFile(runDirectory: string): string {
  return path.join(runDirectory, 'secret');
}

export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/** The line that makes the user known to a server. It holds the secret's digest, by which nobody can log in. */
export function supervisorUserLine(secret: string): string {
  const digest = createHash('sha256').update(secret).digest('hex');
  return `user ${supervisorUser} on #${digest} ~* allchannels +@all\n`;
}

/**
 * How the supervisor of a run logs in to its servers; undefined for a run of a version that had no users, and where
 * somebody has removed the secret. A failure: it is there and cannot be read.
 */
export function supervisorCredentials(runDirectory: string): Result<RedisCredentials | undefined> {
  const file = secretFile(runDirectory);
  try {
    return success({ user: supervisorUser, secret: readFileSync(file, 'utf8') });
  } catch (error) {
    const reason = systemErrorCode(error);
    if (reason === undefined) throw error;
    return reason === 'ENOENT'
      ? success(undefined)
      : failure(problem('secret-unreadable', { path: file, reason }));
  }
}
