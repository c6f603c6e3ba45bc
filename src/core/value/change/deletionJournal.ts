import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../../base/makeDirectory';

/** What the journal tells of a deletion: never a value, and of names the folder alone. */
export interface DeletionEntry {
  /** The same in all entries of one deletion. */
  readonly deletion: string;
  /** `begin`, then `before` and `after` each batch, then `end`. A `before` without its `after` may have deleted. */
  readonly step: 'begin' | 'before' | 'after' | 'end';
  readonly database: string;
  readonly command: 'UNLINK';
  /** For people. */
  readonly folder: string;
  /** Had the keys when the deletion was planned; where slots moved since, they were removed where they are now. */
  readonly shard?: string;
  /** Keys that are to be deleted. */
  readonly keys: number;
  /** Keys that were there and are not any more. */
  readonly removed?: number;
  /** Keys about which no answer came, after they were asked for: they may have been removed. */
  readonly unanswered?: number;
}

/** What was deleted, in lines of JSON, one after the other: nothing is ever taken out of it. Throws the system's errors. */
export class DeletionJournal {
  private constructor(
    readonly file: string,
    private readonly opened: FileHandle,
  ) {}

  /** In `directory`, which is made where it is missing, for nobody else. */
  static async open(directory: string): Promise<DeletionJournal> {
    await makeDirectory(directory, 0o700);
    const file = path.join(directory, 'deletions.jsonl');
    return new DeletionJournal(file, await open(file, 'a', 0o600));
  }

  async write(entry: DeletionEntry): Promise<void> {
    await this.opened.appendFile(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
  }

  close(): Promise<void> {
    return this.opened.close();
  }
}
