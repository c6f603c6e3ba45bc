import * as vscode from 'vscode';
import { languageId } from '../contributions';
import { TreeElement } from '../views/liveTree';
import type { Subject } from '../views/viewNode';

const kinds: ReadonlySet<unknown> = new Set<Subject['kind']>([
  'experiment',
  'run',
  'orchestrator',
  'shard',
  'model',
  'database',
  'group',
]);

/** What a command was invoked on: a row, a file of the explorer or of an editor, or a CodeLens. */
export function subjectOf(target: unknown): Subject | undefined {
  if (target instanceof TreeElement) return target.node.subject;
  if (target instanceof vscode.Uri) return { kind: 'experiment', file: target.fsPath };
  return isSubject(target) ? target : undefined;
}

/** Path of the experiment file that a command was invoked on, if it was one. */
export function fileOf(target: unknown): string | undefined {
  const subject = subjectOf(target);
  return subject !== undefined && 'file' in subject ? subject.file : undefined;
}

/** The experiment file in the active editor. */
export function activeFile(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === languageId && document.uri.scheme === 'file'
    ? document.uri.fsPath
    : undefined;
}

function isSubject(target: unknown): target is Subject {
  return typeof target === 'object' && target !== null && 'kind' in target && kinds.has(target.kind);
}
