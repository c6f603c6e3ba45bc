import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file, which is there as a whole or not at all: whatever was there stays until all is written. Throws errors
 * of the system and of `chunks`.
 */
export async function writeWholeFile(file: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  const opened = await open(part, 'wx', 0o600);
  try {
    try {
      for await (const bytes of chunks) await opened.writeFile(bytes);
    } finally {
      await opened.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
