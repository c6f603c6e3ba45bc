import { access, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { OneAtATime } from '../base/oneAtATime';
import { systemErrorCode } from '../launch/fileProblem';

/** Milliseconds for a file system to answer; one that is dead never does. */
export const answerLimit = 2000;

/**
 * Whether a file is there; undefined: its file system has not answered in time. Node has four threads for files, and one
 * that asks a dead file system is lost until that is back: so each file system is asked one question at a time.
 */
export async function isThere(file: string): Promise<boolean | undefined> {
  const mount = await mountOf(file);
  const waiting = new AbortController();
  const before = questions.get(mount) ?? Promise.resolve(undefined);
  const answer = before.then(() => (waiting.signal.aborted ? undefined : canBeSeen(file)));
  questions.set(mount, answer);
  const late = delay(answerLimit, undefined, { signal: waiting.signal }).catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    waiting.abort();
  }
}

/** The last question to each file system, by where it is mounted. */
const questions = new Map<string, Promise<boolean | undefined>>();

async function canBeSeen(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

let mounts: readonly string[] = [];
const looksAtMounts = new OneAtATime(async () => {
  mounts = await mountPoints();
});

/** Where the file system of a file is mounted, found without asking it. */
async function mountOf(file: string): Promise<string> {
  await looksAtMounts.run();
  const around = mounts.filter(
    (mount) => file === mount || file.startsWith(mount === '/' ? '/' : `${mount}/`),
  );
  return around.reduce((longest, mount) => (mount.length > longest.length ? mount : longest), '/');
}

async function mountPoints(): Promise<readonly string[]> {
  try {
    const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
    return lines.flatMap((line) => line.split(' ')[4] ?? []).map(unescaped);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
}

/** Blanks and the like stand as `\040`. */
function unescaped(mount: string): string {
  return mount.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
