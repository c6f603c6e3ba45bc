import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { WorkbenchApi } from '../../src/extension/composition';
import type { ViewNode } from '../../src/extension/views/viewNode';
import { projectRoot } from '../support/projectRoot';

/** The extension under test, activated. */
export async function workbench(): Promise<WorkbenchApi> {
  const extension = vscode.extensions.getExtension<WorkbenchApi>('smartsim-workbench.smartsim-workbench');
  assert.ok(extension, 'the extension is installed');
  return extension.activate();
}

/** Folder that the window has open. */
export function workspaceFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the window has a folder open');
  return folder.uri.fsPath;
}

/** Puts a file of test/fixtures/workspace into the open folder. */
export function bring(name: string): vscode.Uri {
  const to = path.join(workspaceFolder(), name);
  copyFileSync(path.join(projectRoot, 'test/fixtures/workspace', name), to);
  return vscode.Uri.file(to);
}

/** The value as soon as there is one; asks again until the limit (milliseconds). */
export async function until<T>(what: string, value: () => T | undefined | false, limit = 15_000): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const found = value();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The first node, at any depth, that fits. */
export function find(nodes: readonly ViewNode[], fits: (node: ViewNode) => boolean): ViewNode | undefined {
  for (const node of nodes) {
    const found = fits(node) ? node : find(node.children, fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the command line says, as JSON; it sees the same runs and the same machine as the window. */
export function ssw(...args: readonly string[]): unknown {
  const { stdout, stderr } = spawnSync('node', [path.join(projectRoot, 'dist/ssw.js'), ...args, '--json'], {
    encoding: 'utf8',
    cwd: workspaceFolder(),
    timeout: 15_000,
  });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}
