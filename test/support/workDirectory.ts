import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { userDirectories, type UserDirectories } from '../../src/core/base/userDirectories';

/** A directory for one test, and user directories inside it, so that tests see nothing of each other. */
export interface WorkDirectory {
  readonly path: string;
  readonly directories: UserDirectories;
  remove(): void;
}

export function workDirectory(): WorkDirectory {
  const root = mkdtempSync(path.join(os.tmpdir(), 'ssw-test-'));
  return {
    path: root,
    directories: userDirectories(
      { HOME: root, XDG_RUNTIME_DIR: root, TMPDIR: root },
      process.getuid?.() ?? 0,
    ),
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
