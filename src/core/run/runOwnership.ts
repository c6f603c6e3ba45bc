import { linkSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { problem } from '../base/problem';
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
  /** Leaves the run without an owner, for a process that lives on. */
  release(): void;
}

export interface RunOwnerRecord {
  readonly generation: number;
  /** Absent: it was released. */
  readonly identity?: ProcessIdentity;
}

/** The latest owner of a run; undefined when nobody has owned it yet. Throws the system's error. */
export function latestOwner(runDirectory: string): RunOwnerRecord | undefined {
  const generation = Math.max(0, ...readdirSync(runDirectory).map(generationOf));
  if (generation === 0) return undefined;
  const text = readFileSync(ownerFile(runDirectory, generation), 'utf8');
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

/** Makes this process the owner of a run that nobody owns, or whose owner is gone. A problem says who owns it. */
export function claimRun(runDirectory: string): Result<Ownership> {
  const self = identify(process.pid);
  if (self === undefined) throw new Error('This process cannot be identified');
  try {
    for (;;) {
      const latest = latestOwner(runDirectory);
      const owner = latest?.identity;
      const state = owner === undefined ? 'gone' : stateOfProcess(owner);
      if (owner !== undefined && state === 'alive') {
        return failure(problem('run-owned', { pid: owner.pid, directory: runDirectory }));
      }
      if (state === 'elsewhere') return failure(problem('run-owned-elsewhere', { directory: runDirectory }));
      const generation = (latest?.generation ?? 0) + 1;
      if (!become(runDirectory, generation, self)) continue;
      return success({
        generation,
        release: () => {
          become(runDirectory, generation + 1, null);
        },
      });
    }
  } catch (error) {
    if (error instanceof SyntaxError) {
      return failure(problem('owner-unreadable', { directory: runDirectory }));
    }
    const found = fileProblem(error, runDirectory);
    if (found.code === 'disk-full' && giveUpSpare(runDirectory)) return claimRun(runDirectory);
    return failure(found);
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

function generationOf(name: string): number {
  return Number(/^owner\.(\d+)$/.exec(name)?.[1] ?? 0);
}
