import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { RecordedEvent, RunEvent } from '../deployment/runEvents';
import { fileProblem } from '../launch/fileProblem';

/** Version of the format, in the first line. An older program reads a newer journal, but cleans up nothing by it. */
export const journalFormat = 1;

export const journalName = 'journal.jsonl';

/** Lies beside the journal only to be removed when the disk is full, so that the end of the run can still be recorded. */
const spareName = 'journal.spare';
const spareBytes = 16 * 1024;

/** Makes a little room on a full disk, for what must still be recorded; false: it was taken already. */
export function giveUpSpare(runDirectory: string): boolean {
  const spare = path.join(runDirectory, spareName);
  if (!existsSync(spare)) return false;
  rmSync(spare, { force: true });
  return true;
}

/**
 * The record of a run (docs/adr/0002-journal.md): append-only, one event a line, each line led by
 * its checksum, so that a line torn by a kill or a full disk is recognised.
 */
export class Journal {
  /** Lines that could not be written yet; they go before any later one. */
  private pending: Uint8Array[] = [];
  private sync: Promise<Problem | undefined> | undefined;

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    private end: number,
  ) {}

  /** Makes a new journal that begins with `run-planned`. */
  static create(runDirectory: string, first: RecordedEvent): Result<Journal> {
    const file = path.join(runDirectory, journalName);
    try {
      writeFileSync(path.join(runDirectory, spareName), new Uint8Array(spareBytes), { mode: 0o600 });
      const journal = new Journal(file, openSync(file, 'ax', 0o600), 0);
      const failed = journal.write(lineOf({ format: journalFormat, ...first }));
      if (failed === undefined) return success(journal);
      journal.close();
      return failure(failed);
    } catch (error) {
      return failure(fileProblem(error, file));
    }
  }

  /** Opens the journal of a run to write on. A torn last line is cut off. */
  static open(runDirectory: string, content: JournalContent): Result<Journal> {
    const file = path.join(runDirectory, journalName);
    try {
      const descriptor = openSync(file, 'a', 0o600);
      if (content.torn) ftruncateSync(descriptor, content.end);
      return success(new Journal(file, descriptor, fstatSync(descriptor).size));
    } catch (error) {
      return failure(fileProblem(error, file));
    }
  }

  /**
   * Writes an event; it has reached the system when this returns, so it survives our own end. A
   * problem means that there is no room: what could not be written even into the spare room is kept
   * and written before the next event.
   */
  append(event: RecordedEvent): Problem | undefined {
    return this.write(lineOf(event));
  }

  /**
   * Brings everything to the disk. Meant to run behind: calls that come while one is under way
   * share the next.
   */
  async flush(): Promise<Problem | undefined> {
    while (this.sync !== undefined) await this.sync;
    this.sync = this.synchronise();
    const failed = await this.sync;
    this.sync = undefined;
    return failed;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** For a run that has ended: then nothing more needs room. */
  removeSpare(): void {
    giveUpSpare(path.dirname(this.path));
  }

  private write(line: Uint8Array): Problem | undefined {
    this.pending.push(line);
    const failed = this.writePending();
    if (failed !== undefined && giveUpSpare(path.dirname(this.path))) this.writePending();
    return failed;
  }

  private writePending(): Problem | undefined {
    try {
      while (this.pending[0] !== undefined) {
        this.writeWhole(this.pending[0]);
        this.pending.shift();
      }
      return undefined;
    } catch (error) {
      return fileProblem(error, this.path);
    }
  }

  private writeWhole(line: Uint8Array): void {
    try {
      for (let written = 0; written < line.length;) {
        written += writeSync(this.descriptor, line, written);
      }
      this.end += line.length;
    } catch (error) {
      // Half a line would spoil the next one.
      ftruncateSync(this.descriptor, this.end);
      throw error;
    }
  }

  private async synchronise(): Promise<Problem | undefined> {
    try {
      await promisify(fdatasync)(this.descriptor);
      return undefined;
    } catch (error) {
      return fileProblem(error, this.path);
    }
  }
}

export interface JournalContent {
  readonly path: string;
  readonly events: readonly RecordedEvent[];
  /** Numbers, from 1, of lines that are damaged; their text stays in the file. */
  readonly damaged: readonly number[];
  /** The last line is incomplete: its writer was interrupted. */
  readonly torn: boolean;
  /** Bytes up to which the lines are complete. */
  readonly end: number;
  /** Written by a later version: what is known of it was read. */
  readonly newer: boolean;
}

/** Reads the record of a run. */
export async function readJournal(runDirectory: string): Promise<Result<JournalContent>> {
  const file = path.join(runDirectory, journalName);
  try {
    return parseJournal(file, new Uint8Array(await readFile(file)));
  } catch (error) {
    return failure(fileProblem(error, file));
  }
}

/** Reads the bytes of a journal. A failure: not even the plan can be read. */
export function parseJournal(file: string, bytes: Uint8Array): Result<JournalContent> {
  const end = bytes.lastIndexOf(lineFeed) + 1;
  const events: RecordedEvent[] = [];
  const damaged: number[] = [];
  let format = 0;
  for (const [index, record] of recordsIn(bytes).entries()) {
    if (record === undefined) damaged.push(index + 1);
    else {
      if (index === 0) format = record.format ?? 0;
      if (isKnown(record.event)) events.push(withoutFormat(record));
    }
  }
  const reason =
    format === 0 || events[0]?.event.type !== 'run-planned' ? 'its first line is damaged' : undefined;
  if (reason !== undefined) return failure(problem('journal-unreadable', { path: file, reason }));
  const content = {
    path: file,
    events,
    damaged,
    torn: end < bytes.length,
    end,
    newer: format > journalFormat,
  };
  const [first] = damaged;
  if (first === undefined) return success(content);
  return success(content, [problem('journal-damaged', { path: file, count: damaged.length, line: first })]);
}

/** The events of all whole lines, for a journal that as a whole cannot be read. */
export function readableEvents(bytes: Uint8Array): readonly RecordedEvent[] {
  return recordsIn(bytes).flatMap((record) =>
    record !== undefined && isKnown(record.event) ? [withoutFormat(record)] : [],
  );
}

/** The bytes of a journal with these events. */
export function journalText([first, ...events]: readonly RecordedEvent[]): Uint8Array {
  if (first === undefined) return new Uint8Array();
  const lines = [lineOf({ format: journalFormat, ...first }), ...events.map(lineOf)];
  return new Uint8Array(Buffer.concat(lines));
}

type Line = RecordedEvent & { readonly format?: number };

const lineFeed = 10;
const checksumLength = 16;

function lineOf(record: Line): Uint8Array {
  const text = JSON.stringify(record);
  return new TextEncoder().encode(`${checksum(text)} ${text}\n`);
}

/** Each whole line of the file; undefined for one that is damaged. */
function recordsIn(bytes: Uint8Array): readonly (Line | undefined)[] {
  const text = new TextDecoder().decode(bytes.subarray(0, bytes.lastIndexOf(lineFeed) + 1));
  return text.split('\n').slice(0, -1).map(readLine);
}

function readLine(line: string): Line | undefined {
  const text = line.slice(checksumLength + 1);
  if (line !== `${checksum(text)} ${text}`) return undefined;
  // The checksum vouches that this was written by `lineOf`.
  return JSON.parse(text) as Line;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, checksumLength);
}

function withoutFormat({ sequence, at, elapsedMs, event }: Line): RecordedEvent {
  return { sequence, at, elapsedMs, event };
}

/** Complete by type: a later version may have written kinds that are not in here. */
const knownTypes: Readonly<Record<RunEvent['type'], true>> = {
  'run-planned': true,
  'supervisor-started': true,
  'run-adopted': true,
  'process-intended': true,
  'process-started': true,
  'process-not-started': true,
  'shard-answered': true,
  'cluster-forming': true,
  'orchestrator-ready': true,
  'process-exited': true,
  'end-attempted': true,
  'end-completed': true,
  'end-refused': true,
  'model-skipped': true,
  'launch-finished': true,
  'launch-failed': true,
  'stop-requested': true,
  'run-ended': true,
  'model-restart-requested': true,
  'shard-restart-requested': true,
  'shards-measured': true,
};

/** Whether this version knows such events. A later supervisor may record and tell more. */
export function isKnown(event: RunEvent): boolean {
  return Object.hasOwn(knownTypes, event.type);
}
