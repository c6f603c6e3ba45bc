import path from 'node:path';

/** What the package has of the AI engine. */
export interface PackedEngine {
  /** Path of the library for this machine; it may be missing for rare kinds of machine. */
  readonly library: string;
  /** Folder of the sources, and of what a compiler is told besides (`compile.json`). */
  readonly sources: string;
}

/** The AI engine of the package that has its programs in this folder. */
export function engineIn(programs: string): PackedEngine {
  return {
    library: path.join(programs, 'engine', `${process.platform}-${process.arch}`, 'engine.so'),
    sources: path.join(programs, '../engine/src'),
  };
}
