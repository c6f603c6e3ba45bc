import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../base/makeDirectory';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { UserDirectories } from '../base/userDirectories';
import { fileProblem, systemErrorCode } from '../launch/fileProblem';
import { readJournal } from './journal';
import { RunIndex } from './runIndex';
import type { RunRecord } from './runRecord';

/** A runtime may be about to be used by a launch that nobody can see yet; so long it is kept in any case, in milliseconds. */
const keptUnused = 3_600_000;

/**
 * Keeps a copy of the supervisor's program by its content, so that an update or removal of what we
 * are installed as harms no run (docs/adr/0010-runtime-by-content.md). Gives the path of the copy.
 */
export async function keepRuntime(program: string, { data }: UserDirectories): Promise<Result<string>> {
  let content: Uint8Array;
  try {
    content = new Uint8Array(await readFile(program));
  } catch (error) {
    const reason = systemErrorCode(error);
    if (reason === undefined) throw error;
    return failure(problem('supervisor-missing', { path: program, reason }));
  }
  const directory = path.join(runtimesOf(data), hashOf(content));
  const copy = path.join(directory, 'supervisor.js');
  try {
    await makeDirectory(runtimesOf(data), 0o700);
    await makeDirectory(directory, 0o700);
    if ((await hashOfFile(copy)) !== path.basename(directory)) {
      const whole = `${copy}.${randomUUID()}.new`;
      await writeFile(whole, content, { mode: 0o600, flag: 'wx' });
      await rename(whole, copy);
    }
    const now = new Date();
    await utimes(directory, now, now);
    return success(copy);
  } catch (error) {
    return failure(fileProblem(error, copy));
  }
}

/** Removes the runtimes that no run needs which is not over. Gives the paths of what was removed. */
export async function removeUnusedRuntimes(
  directories: UserDirectories,
  unusedForMs = keptUnused,
): Promise<readonly string[]> {
  const kept = await runtimesIn(runtimesOf(directories.data));
  const old = [];
  for (const directory of kept) if (await isUnusedFor(directory, unusedForMs)) old.push(directory);
  if (old.length === 0) return [];
  const records = await new RunIndex(directories).list();
  // Without the list of runs nobody knows which are needed.
  if (!records.ok) return [];
  const needed = new Set<string>();
  for (const record of records.value) {
    if (record.program !== undefined && !(await isOver(record))) needed.add(path.dirname(record.program));
  }
  const unused = old.filter((directory) => !needed.has(directory));
  for (const directory of unused) await rm(directory, { recursive: true, force: true });
  return unused;
}

function runtimesOf(data: string): string {
  return path.join(data, 'runtime');
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

async function hashOfFile(file: string): Promise<string | undefined> {
  try {
    return hashOf(new Uint8Array(await readFile(file)));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    return undefined;
  }
}

async function runtimesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /^[0-9a-f]{32}$/.test(name)).map((name) => path.join(folder, name));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    return [];
  }
}

async function isUnusedFor(directory: string, milliseconds: number): Promise<boolean> {
  // Compared with the clock that set it: a jump keeps a runtime for longer, or not for as long, and harms no run.
  return Date.now() - (await stat(directory)).mtimeMs >= milliseconds;
}

async function isOver({ runDirectory }: RunRecord): Promise<boolean> {
  const content = await readJournal(runDirectory);
  return content.ok && content.value.events.some(({ event }) => event.type === 'run-ended');
}
