import { linkSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { fileProblem, systemErrorCode } from '../launch/fileProblem';
import type { ProcessIdentity } from '../launch/launchEvents';
import { identify, stateOfProcess } from '../launch/processIdentity';
import { giveUpSpare } from './journal';

/**
 * Who owns a run: the one process that may write its journal and end its processes
 * (docs/adr/0009-ownership-and-recovery.md). The owners of a run are `owner.1`, `owner.2` … in its
 * directory. Each is made whole by link(2), which fails where the name is taken, and none is ever
 * removed: of all who see that an owner is gone, one becomes the next, also over NFS.
 */
export interface Ownership {
  /** 1: the run's first owner. */
  readonly generation: number;
  /** Leaves the run without an owner, for a process that lives on. Never throws: a disk that takes no file is tried again later. */
  release(): void;
}

export interface RunOwnerRecord {
  readonly generation: number;
  /** Absent: it was released. */
  readonly identity?: ProcessIdentity;
}

/** Files that name this process although it has let go: that could not be written. */
const letGo = new Set<string>();

/** The latest owner of a run; undefined when nobody has owned it yet. Throws the system's error. */
export function latestOwner(runDirectory: string): RunOwnerRecord | undefined {
  const generation = Math.max(0, ...readdirSync(runDirectory).map(generationOf));
  if (generation === 0) return undefined;
  const file = ownerFile(runDirectory, generation);
  if (letGo.has(file)) {
    // Others are told as soon as there is room.
    letGoOf(runDirectory, generation);
    return { generation };
  }
  const text = readFileSync(file, 'utf8');
  const { owner } = JSON.parse(text) as { owner: ProcessIdentity | null };
  return { generation, ...(owner === null ? {} : { identity: owner }) };
}

/** Who owns a run, or did last; undefined also where that cannot be read, as in a directory that was removed. */
export function knownOwner(runDirectory: string): ProcessIdentity | undefined {
  try {
    return latestOwner(runDirectory)?.identity;
  } catch {
    // Whoever wants to own the run is told.
    return undefined;
  }
}

/** Whether the latest owner of a run lives. */
export function isOwned(runDirectory: string): boolean {
  const owner = knownOwner(runDirectory);
  return owner !== undefined && stateOfProcess(owner) === 'alive';
}

/**
 * Makes this process the owner of a run that nobody owns, or whose owner is gone. A problem says who owns it, or that
 * this cannot be read (`owner-unreadable`); any other, that nobody owns it and no owner can be written.
 */
export function claimRun(runDirectory: string): Result<Ownership> {
  const self = identify(process.pid);
  if (self === undefined) throw new Error('This process cannot be identified');
  for (;;) {
    const followed = followedGeneration(runDirectory);
    if (!followed.ok) return followed;
    const generation = followed.value + 1;
    try {
      if (!become(runDirectory, generation, self)) continue;
    } catch (error) {
      const found = fileProblem(error, runDirectory);
      if (found.code === 'disk-full' && giveUpSpare(runDirectory)) continue;
      return failure(found);
    }
    const release = (): void => {
      letGoOf(runDirectory, generation);
    };
    return success({ generation, release });
  }
}

/** Whether a problem with a file is that it was removed, also by another host. */
export function wasRemoved({ args }: Problem): boolean {
  return ['ENOENT', 'ENOTDIR', 'ESTALE'].includes(String(args['reason']));
}

/** The generation that the next owner may follow; 0: nobody has owned the run yet. */
function followedGeneration(runDirectory: string): Result<number> {
  let latest: RunOwnerRecord | undefined;
  try {
    latest = latestOwner(runDirectory);
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is damaged' : systemErrorCode(error);
    if (reason === undefined) throw error;
    const unreadable = problem('owner-unreadable', { directory: runDirectory, reason });
    // Nobody can own what is not there.
    return failure(wasRemoved(unreadable) ? fileProblem(error, runDirectory) : unreadable);
  }
  if (latest?.identity === undefined) return success(latest?.generation ?? 0);
  switch (stateOfProcess(latest.identity)) {
    case 'alive':
      return failure(problem('run-owned', { pid: latest.identity.pid, directory: runDirectory }));
    case 'elsewhere':
      return failure(problem('run-owned-elsewhere', { directory: runDirectory }));
    case 'gone':
      return success(latest.generation);
  }
}

/** By a generation without an identity; where none can be written, this process knows by itself that it has let go. */
function letGoOf(runDirectory: string, generation: number): void {
  const file = ownerFile(runDirectory, generation);
  try {
    become(runDirectory, generation + 1, null);
    letGo.delete(file);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    letGo.add(file);
  }
}

/** False: another has become the owner of this generation. */
function become(runDirectory: string, generation: number, owner: ProcessIdentity | null): boolean {
  const file = ownerFile(runDirectory, generation);
  const own = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.new`;
  try {
    writeFileSync(own, `${JSON.stringify({ owner })}\n`, { mode: 0o600, flag: 'wx' });
    linkSync(own, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    // NFS may have made the link and lost the answer: the number of links tells.
    return statSync(own).nlink === 2;
  } finally {
    removeQuietly(own);
  }
}

function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}

function ownerFile(runDirectory: string, generation: number): string {
  return path.join(runDirectory, `owner.${generation}`);
}

/** Of which generation the file with this name in a run directory is; 0: it names no owner. */
export function generationOf(name: string): number {
  return Number(/^owner\.(\d+)$/.exec(name)?.[1] ?? 0);
}
