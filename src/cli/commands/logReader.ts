import { watch } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Event } from '../../core/base/event';

/** Most bytes that are shown of what is there already. */
const mostBytes = 1024 ** 2;
const chunkBytes = 64 * 1024;

export interface Following {
  readonly onText: (text: string) => void;
  /** May have made `isOver` true. */
  readonly onDidChange: Event<unknown>;
  readonly isOver: () => boolean;
  readonly signal: AbortSignal;
}

/** Reads a log file by byte ranges, however large it is. A file that does not exist yet is empty. */
export class LogReader {
  private position = 0;
  private readonly decoder = new StringDecoder('utf8');

  constructor(private readonly file: string) {}

  /** The end of the file, from the beginning of a line where something is left out. */
  async lastPart(): Promise<{ readonly text: string; readonly skipped: number }> {
    const size = await this.size();
    this.position = Math.max(0, size - mostBytes);
    let text = '';
    await this.readOn((more) => {
      text += more;
    }, size);
    if (size <= mostBytes) return { text, skipped: 0 };
    const rest = text.slice(text.indexOf('\n') + 1);
    return { text: rest, skipped: size - Buffer.byteLength(rest) };
  }

  /** What is written from now on, until it is over or aborted. Waits for the system's word, polls nothing. */
  async follow({ onText, onDidChange, isOver, signal }: Following): Promise<void> {
    let wake: () => void = () => undefined;
    let dirty = true;
    const stir = (): void => {
      dirty = true;
      wake();
    };
    const name = path.basename(this.file);
    // The folder, since the file may not exist yet.
    const watcher = watch(path.dirname(this.file), (_, changed) => {
      if (changed === name) stir();
    });
    const changes = onDidChange(stir);
    signal.addEventListener('abort', stir, { once: true });
    try {
      while (!signal.aborted) {
        // Asked before reading: what was written before the end is read after it.
        const last = isOver();
        dirty = false;
        await this.readOn(onText);
        if (last) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (dirty || signal.aborted) resolve();
        });
      }
    } finally {
      watcher.close();
      changes.dispose();
      signal.removeEventListener('abort', stir);
    }
  }

  private async readOn(onText: (text: string) => void, until = Infinity): Promise<void> {
    await this.withFile(async (file) => {
      const bytes = new Uint8Array(chunkBytes);
      while (this.position < until) {
        const { bytesRead } = await file.read(
          bytes,
          0,
          Math.min(chunkBytes, until - this.position),
          this.position,
        );
        if (bytesRead === 0) return;
        this.position += bytesRead;
        onText(this.decoder.write(Buffer.from(bytes.subarray(0, bytesRead))));
      }
    });
  }

  private async size(): Promise<number> {
    let size = 0;
    await this.withFile(async (file) => {
      ({ size } = await file.stat());
    });
    return size;
  }

  private async withFile(use: (file: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
    let file;
    try {
      file = await open(this.file, 'r');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      throw error;
    }
    try {
      await use(file);
    } finally {
      await file.close();
    }
  }
}
