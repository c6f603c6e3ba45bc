import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Beside each server that we installed: what to start, and with what. Written last, so that it marks a whole one. */
export interface InstalledServer {
  readonly version: 1;
  /** Relative to the folder of the record, or absolute where a package manager keeps the program itself. */
  readonly program: string;
  readonly libraryFolder?: string;
  /** How it was got, for people. */
  readonly source: string;
}

export const recordName = 'server.json';

/** Folder of all installed servers. */
export function serversFolder(dataDirectory: string): string {
  return path.join(dataDirectory, 'servers');
}

/** Installed servers with absolute paths, later versions first; records that cannot be read are passed over. */
export async function listInstalledServers(dataDirectory: string): Promise<readonly InstalledServer[]> {
  const parent = serversFolder(dataDirectory);
  const names = (await readdir(parent).catch(() => [])).filter((name) => !name.startsWith('.'));
  names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const records = await Promise.all(names.map((name) => readRecord(path.join(parent, name))));
  return records.filter((record) => record !== undefined);
}

async function readRecord(folder: string): Promise<InstalledServer | undefined> {
  try {
    const raw: unknown = JSON.parse(await readFile(path.join(folder, recordName), 'utf8'));
    if (!isRecord(raw)) return undefined;
    return {
      ...raw,
      program: path.resolve(folder, raw.program),
      ...(raw.libraryFolder === undefined ? {} : { libraryFolder: path.resolve(folder, raw.libraryFolder) }),
    };
  } catch {
    return undefined;
  }
}

function isRecord(raw: unknown): raw is InstalledServer {
  if (typeof raw !== 'object' || raw === null) return false;
  const { version, program, libraryFolder } = raw as Readonly<Record<string, unknown>>;
  return (
    version === 1 &&
    typeof program === 'string' &&
    (libraryFolder === undefined || typeof libraryFolder === 'string')
  );
}
