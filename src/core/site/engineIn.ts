import path from 'node:path';

/** Path of the AI engine for this machine among the package's programs; it may be missing for rare kinds of machine. */
export function engineIn(programs: string): string {
  return path.join(programs, 'engine', `${process.platform}-${process.arch}`, 'engine.so');
}
