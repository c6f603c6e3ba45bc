import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { problemSection } from './problemSection';

const scheme = 'smartsim-problem';

/** Where a problem's code in the Problems panel leads: a page that travels with the extension, as many sites have no internet. */
export function problemPage(code: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${code}.md` });
}

/** Gives each problem code its page, out of docs/errors.md. */
export class ProblemPages implements vscode.TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();

  constructor(private readonly extensionPath: string) {
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const page = await readFile(path.join(this.extensionPath, 'docs', 'errors.md'), 'utf8');
    return problemSection(page, path.basename(uri.path, '.md')) ?? '';
  }

  dispose(): void {
    this.owned.dispose();
  }
}
