import * as vscode from 'vscode';
import type { contextKey } from '../contributions';

type ContextKey = (typeof contextKey)[keyof typeof contextKey];

/** Tells VS Code's `when` clauses; says nothing when nothing has changed. */
export class ContextKeys {
  private readonly told = new Map<ContextKey, string>();

  set(key: ContextKey, value: boolean | string | readonly string[]): void {
    const text = JSON.stringify(value);
    if (this.told.get(key) === text) return;
    this.told.set(key, text);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
