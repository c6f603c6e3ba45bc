import { watch, type FSWatcher } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Event } from '../base/event';
import { makeDirectory } from '../base/makeDirectory';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { UserDirectories } from '../base/userDirectories';
import { fileProblem, systemErrorCode } from '../launch/fileProblem';
import { isThere } from './answersInTime';
import { journalName } from './journal';
import type { RunRecord } from './runRecord';

/** All runs of this user, so that `ssw status` needs no file name. The truth about each is in its run directory. */
export class RunIndex {
  private readonly folder: string;
  private readonly listeners = new Set<() => unknown>();
  private watcher: FSWatcher | undefined;
  private starting: Promise<unknown> | undefined;

  constructor(directories: UserDirectories) {
    this.folder = path.join(directories.state, 'runs');
  }

  /** After a run was added or removed. The folder is watched while somebody listens. */
  readonly onDidChange: Event<void> = (listener) => {
    const entry = (): unknown => listener();
    this.listeners.add(entry);
    void this.startWatching();
    return {
      dispose: () => {
        this.listeners.delete(entry);
        if (this.listeners.size > 0) return;
        this.watcher?.close();
        this.watcher = undefined;
      },
    };
  };

  /** Oldest first; a failure when the index is there and cannot be read. Records whose run directory was removed are left out unless their supervisor's socket is there, and so are unreadable ones. */
  async list(): Promise<Result<readonly RunRecord[]>> {
    return this.records(hasTrace);
  }

  /** The readable records that `list` leaves out: of each, run directory and socket are not to be seen. */
  async traceless(): Promise<Result<readonly RunRecord[]>> {
    return this.records(async (record) => !(await hasTrace(record)));
  }

  async add(record: RunRecord): Promise<Problem | undefined> {
    const file = path.join(this.folder, `${record.id}.json`);
    try {
      await makeDirectory(this.folder, 0o700);
      await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
      return undefined;
    } catch (error) {
      // What hindered the writing may hinder this as well; it says nothing new.
      await rm(`${file}.new`, { force: true }).catch(() => undefined);
      return fileProblem(error, file);
    }
  }

  async remove(id: string): Promise<void> {
    await rm(path.join(this.folder, `${id}.json`), { force: true });
  }

  private async records(
    wanted: (record: RunRecord) => Promise<boolean>,
  ): Promise<Result<readonly RunRecord[]>> {
    const names = await this.names();
    if (!names.ok) return names;
    const records = await Promise.all(
      names.value.map(async (name) => {
        const record = await this.read(name);
        return record !== undefined && (await wanted(record)) ? [record] : [];
      }),
    );
    return success(records.flat().sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)));
  }

  private async names(): Promise<Result<readonly string[]>> {
    try {
      return success((await readdir(this.folder)).filter((name) => name.endsWith('.json')));
    } catch (error) {
      const reason = systemErrorCode(error);
      if (reason === undefined) throw error;
      if (reason === 'ENOENT') return success([]);
      return failure(problem('run-index-unreadable', { path: this.folder, reason }));
    }
  }

  private async read(name: string): Promise<RunRecord | undefined> {
    let record: unknown;
    try {
      record = JSON.parse(await readFile(path.join(this.folder, name), 'utf8'));
    } catch {
      // Removed meanwhile, or not ours: an index can be incomplete, the run directories are the truth.
      return undefined;
    }
    return isRunRecord(record) ? record : undefined;
  }

  private async startWatching(): Promise<void> {
    try {
      this.starting ??= makeDirectory(this.folder, 0o700);
      await this.starting;
    } catch (error) {
      // Reading the index tells it to somebody; watching is tried again with the next listener.
      this.starting = undefined;
      if (systemErrorCode(error) === undefined) throw error;
      return;
    }
    if (this.listeners.size > 0) this.watcher ??= this.watched();
  }

  private watched(): FSWatcher {
    const watcher = watch(this.folder, (_, name) => {
      if (name?.endsWith('.json') === false) return;
      for (const listener of [...this.listeners]) listener();
    });
    watcher.on('error', () => undefined);
    return watcher;
  }
}

/** Its journal, or the socket of a supervisor whose run directory was removed; or its file system does not answer. */
async function hasTrace({ runDirectory, socket }: RunRecord): Promise<boolean> {
  if ((await isThere(path.join(runDirectory, journalName))) !== false) return true;
  return typeof socket === 'string' && (await isThere(socket)) !== false;
}

function isRunRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof RunRecord, unknown>>;
  return (
    record.version === 1 &&
    typeof record.createdAt === 'number' &&
    [record.id, record.experiment, record.file, record.runDirectory, record.host].every(
      (text) => typeof text === 'string',
    )
  );
}
