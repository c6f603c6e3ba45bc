import * as vscode from 'vscode';
import type { Range } from '../../core/base/problem';

/** Both count as the Language Server Protocol does. */
export function toVscodeRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
