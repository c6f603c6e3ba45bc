import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import type { Event } from '../../core/base/event';
import type { Log } from '../../core/base/log';
import { severityOf, type Problem, type Severity } from '../../core/base/problem';
import type { HeavyCore } from '../bridge/heavyCore';
import { toVscodeRange } from '../bridge/range';
import { languageId } from '../contributions';
import { problemLines } from '../wording/problemWords';
import type { Translate, Wording } from '../wording/wording';
import { KeyedDelay } from './keyedDelay';
import { problemPage } from './problemPages';

/** Milliseconds without typing before a text is checked. */
const pause = 150;

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/**
 * Keeps the Problems panel saying what `ssw validate` says about every open experiment file, with
 * its unsaved changes.
 */
export class Diagnostics implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly shown = this.owned.add(vscode.languages.createDiagnosticCollection(languageId));
  private readonly delay = this.owned.add(new KeyedDelay(pause));

  /** `rechecks`: after each, what the machine or the settings offer may be another. */
  constructor(
    private readonly core: Pick<HeavyCore, 'check'>,
    private readonly wording: Wording,
    private readonly log: Log,
    rechecks: readonly Event<unknown>[],
  ) {
    const { workspace } = vscode;
    this.owned.add(
      workspace.onDidOpenTextDocument((document) => {
        this.schedule(document);
      }),
    );
    this.owned.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        this.schedule(document);
      }),
    );
    this.owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.delay.cancel(uri.toString());
        this.shown.delete(uri);
      }),
    );
    const all = (): void => {
      for (const document of workspace.textDocuments) this.schedule(document);
    };
    for (const event of rechecks) this.owned.add(event(all));
    all();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private schedule(document: vscode.TextDocument): void {
    if (document.languageId !== languageId || document.uri.scheme !== 'file') return;
    this.delay.schedule(document.uri.toString(), (signal) => this.check(document, signal));
  }

  private async check(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
    const { version, uri } = document;
    try {
      const { problems } = await this.core.check({ file: uri.fsPath, text: document.getText() }, signal);
      // An answer to a text that is no longer there would mark the wrong places.
      if (signal.aborted || document.isClosed || document.version !== version) return;
      this.shown.set(
        uri,
        problems.map((found) => toDiagnostic(found, this.wording.t)),
      );
    } catch (error) {
      if (!signal.aborted) this.log.error(`${uri.fsPath} cannot be checked: ${String(error)}`);
    }
  }
}

function toDiagnostic(found: Problem, t: Translate): vscode.Diagnostic {
  const { range } = found.place ?? {};
  const text = [...problemLines(found, t), ...(found.evidence === undefined ? [] : [found.evidence])];
  const diagnostic = new vscode.Diagnostic(
    range === undefined ? new vscode.Range(0, 0, 0, 0) : toVscodeRange(range),
    text.join('\n'),
    severities[severityOf(found)],
  );
  diagnostic.code = { value: found.code, target: problemPage(found.code) };
  diagnostic.source = 'smartsim';
  return diagnostic;
}
