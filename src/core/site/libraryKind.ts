import { open } from 'node:fs/promises';

type Unread = 'missing' | 'unreadable' | 'no-library';

/** What lies at a path, as its first bytes tell: a library that this machine can load, or why there is none. */
export async function libraryKind(file: string): Promise<'usable' | 'other-machine' | Unread> {
  const [head, own] = await Promise.all([readHead(file), readHead(process.execPath)]);
  return typeof head === 'string' ? head : judge(head, own);
}

/** Enough of a program or library to know what it is made for. */
const headBytes = 20;

async function readHead(file: string): Promise<Buffer | Unread> {
  try {
    const opened = await open(file);
    try {
      const head = new Uint8Array(headBytes);
      await opened.read(head, 0, headBytes, 0);
      return Buffer.from(head);
    } finally {
      await opened.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') return 'no-library';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}

/** A library is for the system and, on Linux, the kind of machine on which our own program (`own`) runs, or for another. */
function judge(head: Buffer, own: Buffer | Unread): 'usable' | 'no-library' | 'other-machine' {
  if (!isElf(head) && !isMachO(head)) return 'no-library';
  if (typeof own === 'string') return 'usable';
  if (isElf(head) && isElf(own)) return machineOf(own) === machineOf(head) ? 'usable' : 'other-machine';
  return isElf(head) === isElf(own) ? 'usable' : 'other-machine';
}

function isElf(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === '\x7fELF';
}

/** What macOS uses, for one or for several kinds of processor. */
function isMachO(head: Buffer): boolean {
  return ['cffaedfe', 'cafebabe'].includes(head.toString('hex', 0, 4));
}

/** Width and order of its words, and kind of processor, as the header of ELF has them. */
function machineOf(head: Buffer): string {
  return `${head.toString('hex', 4, 6)} ${head.toString('hex', 18, 20)}`;
}
