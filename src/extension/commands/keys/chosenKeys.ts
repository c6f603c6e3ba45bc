import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { failure, success, type Result } from '../../../core/base/result';
import type { KeyChoice } from '../../../core/inspection/inspector';
import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import { keyScheme } from '../../documents/keyDocuments';
import type { OpenDatabase } from '../../state/keyStore';
import type { Workbench } from '../workbench';

/** The rows of the Keys view that a command is about: those that are selected together, else the one it was invoked on. */
export function chosenRows({ keys }: Workbench, target: unknown, selected: unknown): readonly KeyRow[] {
  const ids: readonly unknown[] = Array.isArray(selected)
    ? selected
    : target === undefined
      ? keys.tree.view.selection
      : [target];
  return ids.flatMap((id) => {
    const subject = keys.tree.subjectOf(id);
    return subject === undefined || subject.kind === 'more' ? [] : [subject];
  });
}

/** The one key that a command is about: of a row, of a document, or of the document in the editor. */
export function chosenKey(workbench: Workbench, target: unknown, selected: unknown): Uint8Array | undefined {
  const { documents } = workbench.keys;
  if (target instanceof vscode.Uri) return documents.keyOf(target);
  const [row] = chosenRows(workbench, target, selected);
  if (row !== undefined) return keyOfRow(row);
  const active = vscode.window.activeTextEditor?.document.uri;
  return active?.scheme === keyScheme ? documents.keyOf(active) : undefined;
}

/** The key that stands for a row: of a dataset its metadata. */
export function keyOfRow(row: KeyRow): Uint8Array | undefined {
  switch (row.kind) {
    case 'key':
      return row.key;
    case 'dataset':
      return row.metadata;
    case 'aiModel':
      return row.keys[0];
    case 'folder':
      return undefined;
  }
}

/** All that rows stand for. */
export function choiceOf(rows: readonly KeyRow[]): Omit<KeyChoice, 'task'> {
  return {
    keys: rows.flatMap((row) => (row.kind === 'key' ? [row.key] : row.kind === 'aiModel' ? row.keys : [])),
    folders: rows.flatMap((row) => (row.kind === 'folder' || row.kind === 'dataset' ? [row.folder] : [])),
  };
}

/** What a row is called, as people see it. */
export function nameOfRow(row: KeyRow, { keys: { store } }: Workbench): string {
  switch (row.kind) {
    case 'key':
      return store.displayKey(row.key);
    case 'dataset':
    case 'aiModel':
      return store.displayKey(row.name);
    case 'folder':
      return row.folder.kind === 'prefix' ? store.displayKey(row.folder.prefix) : row.folder.kind;
  }
}

/** The database that is shown, if it may be changed; `command` is what would be sent. */
export function changeable({ keys: { store } }: Workbench, command: string): Result<OpenDatabase> {
  const { open } = store;
  if (open === undefined) return failure(problem('database-not-open'));
  if (store.changeable) return success(open);
  return failure(problem('database-locked', { database: open.target.name, command }));
}
