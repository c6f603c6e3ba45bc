import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { bring, ssw, until, workbench } from './support';

interface Validation {
  readonly problems: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly remedy?: string;
    readonly range: vscode.Range;
  }[];
}

const severities = ['error', 'warning', 'information', 'hint'];

describe('the Problems panel', () => {
  let document: vscode.TextDocument;

  before(async () => {
    await workbench();
    document = await vscode.workspace.openTextDocument(bring('live.smartsim.yaml'));
    bring('stays.mjs');
    await vscode.window.showTextDocument(document);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('opens experiment files in their own language', () => {
    assert.equal(document.languageId, 'smartsim-experiment');
  });

  it('shows problems of unsaved text, and takes them back', async () => {
    const at = document.positionAt(document.getText().indexOf('launcher'));
    await replace(new vscode.Range(at, at.translate(0, 'launcher'.length)), 'lanucher');
    const [found] = await until('a problem', () => {
      const shown = vscode.languages.getDiagnostics(document.uri);
      return shown.length > 0 && shown;
    });
    assert.ok(document.isDirty);
    assert.equal(found?.source, 'smartsim');
    assert.equal(found.range.start.line, at.line);
    assert.match(found.message, /launcher/);
    assert.ok(typeof found.code === 'object');
    const page = await vscode.workspace.openTextDocument(found.code.target);
    assert.match(page.getText(), new RegExp(`^# ${found.code.value}\n`));
    await vscode.commands.executeCommand('undo');
    await until('no problem', () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it('says exactly what ssw validate says', async () => {
    const text = document.getText();
    const wrong = text
      .replace('version: 1', 'version: 1\nversion: 2')
      .replace('exe: node', 'exe: no-such-program')
      .replace('to_copy: [stays.mjs]', 'to_copy: [missing.mjs]');
    await replaceAll(wrong);
    await document.save();
    const { problems } = ssw('validate', document.uri.fsPath) as Validation;
    assert.ok(problems.length > 0);
    const shown = await until('all problems', () => {
      const now = vscode.languages.getDiagnostics(document.uri);
      return now.length === problems.length && now;
    });
    assert.deepEqual(
      shown.map(({ code, severity, message, range: { start, end } }) => ({
        code: typeof code === 'object' ? code.value : code,
        severity: severities[severity],
        message: message.split('\n')[0],
        range: [start.line, start.character, end.line, end.character],
      })),
      problems.map(({ code, severity, message, range: { start, end } }) => ({
        code,
        severity,
        message,
        range: [start.line, start.character, end.line, end.character],
      })),
    );
    await replaceAll(text);
    await document.save();
    await until('no problem', () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it('forgets a file that is closed', async () => {
    await replaceAll('nothing');
    await until('a problem', () => vscode.languages.getDiagnostics(document.uri).length > 0);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until('no problem', () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  async function replace(range: vscode.Range, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  async function replaceAll(text: string): Promise<void> {
    await replace(new vscode.Range(0, 0, document.lineCount, 0), text);
  }
});
