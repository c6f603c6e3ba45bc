import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { makeDirectory } from '../base/makeDirectory';
import { problem, type Place, type Problem } from '../base/problem';
import { fileProblem, systemErrorCode } from './fileProblem';

/** Milliseconds for whoever listens at a socket to take a connection. */
const limitMs = 1000;

/**
 * Makes sure that a server can listen at a socket, and takes no other's place: servers remove whatever is at the path
 * that they are given. A socket at which nobody listens any more is what a killed server left, and may go. The
 * directory is made (0700) where it is missing.
 */
export async function freeUnixSocket(socket: string, place: Place): Promise<Problem | undefined> {
  try {
    await makeDirectory(path.dirname(socket), 0o700);
    if (!(await lstat(socket)).isSocket())
      return problem('unix-socket-in-the-way', { path: socket }, { place });
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? undefined : fileProblem(error, socket, place);
  }
  return (await somebodyListens(socket))
    ? problem('unix-socket-taken', { path: socket }, { place })
    : undefined;
}

/** Removes the socket of a server that was killed, and so could not do it itself. */
export async function removeUnixSocket(socket: string): Promise<void> {
  const found = await lstat(socket).catch(() => undefined);
  if (found?.isSocket() !== true || (await somebodyListens(socket))) return;
  // It may be gone meanwhile; one that cannot be removed does no harm, since the next server replaces it.
  await unlink(socket).catch(() => undefined);
}

function somebodyListens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect({ path: socket, timeout: limitMs });
    const settle = (listens: boolean): void => {
      client.destroy();
      resolve(listens);
    };
    client.once('connect', () => {
      settle(true);
    });
    // Nobody but its owner may find out: then somebody is there.
    client.once('error', (error) => {
      settle(systemErrorCode(error) !== 'ECONNREFUSED' && systemErrorCode(error) !== 'ENOENT');
    });
    client.once('timeout', () => {
      settle(true);
    });
  });
}
