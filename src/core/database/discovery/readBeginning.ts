import { open } from 'node:fs/promises';

/** The text at the beginning of a file, of at most so many bytes; empty where it cannot be read. */
export async function readBeginning(file: string, most: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(size, most));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return Buffer.from(bytes.buffer, 0, bytesRead).toString('utf8');
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}
