import { createHash } from 'node:crypto';
import type { KeyFolder, KeyRow } from '../../../core/keyspace/tree/keyRow';

/** Longer names have the id of their digest: a name may have a megabyte, and every row carries its id. */
const longest = 512;

/** Of bytes, the same for the same. */
export function bytesId(bytes: Uint8Array): string {
  if (bytes.length <= longest) return Buffer.from(bytes).toString('base64');
  return `#${createHash('sha256').update(bytes).digest('base64')}`;
}

export function keyId(key: Uint8Array): string {
  return `key:${bytesId(key)}`;
}

/** The id of the row of a folder; of the root, under which no row stands, the empty text. */
export function folderId(folder: KeyFolder): string {
  switch (folder.kind) {
    case 'root':
      return '';
    case 'prefix':
    case 'dataset':
      return `${folder.kind}:${bytesId(folder.prefix)}`;
    case 'aiModels':
    case 'leftovers':
      return folder.kind;
  }
}

/** Names a row, whatever is known of it. */
export function rowId(row: KeyRow): string {
  switch (row.kind) {
    case 'key':
      return keyId(row.key);
    case 'aiModel':
      return `aiModel:${bytesId(row.name)}`;
    case 'folder':
    case 'dataset':
      return folderId(row.folder);
  }
}
