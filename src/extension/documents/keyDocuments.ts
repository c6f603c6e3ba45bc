import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import type { ValueRequest } from '../../core/value/readValue';
import type { KeyStore } from '../state/keyStore';
import { problemLines } from '../wording/problemWords';
import type { Wording } from '../wording/wording';
import { bytesId } from '../views/keys/rowId';

/** Of the documents that show what keys hold. */
export const keyScheme = 'smartsim-key';

/** A key of a database, and how its value is shown. */
interface ShownKey {
  readonly database: string;
  readonly key: Uint8Array;
  request: ValueRequest;
}

/** A slash in a name would end it: what follows would be taken for a folder. */
const slashes = /[/\\]/g;
const slashForPeople = '∕';
/** Characters of a name that a tab shows. */
const longestTitle = 80;

/** What keys hold, as read-only documents, one for each key; what a document shows is text and nothing else. */
export class KeyDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly shown = new Map<string, ShownKey>();
  private readonly languages = new Map<string, string>();

  constructor(
    private readonly store: KeyStore,
    private readonly wording: Wording,
  ) {
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(keyScheme, this));
    this.owned.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme !== keyScheme || isOpen(uri)) return;
        this.shown.delete(uri.toString());
        this.languages.delete(uri.toString());
      }),
    );
  }

  /** Shows a key of the database that is shown; what `request` says stays for the document until it says otherwise. */
  async show(key: Uint8Array, request?: ValueRequest): Promise<void> {
    const { open } = this.store;
    if (open === undefined) return;
    const title = this.store.displayKey(key).replace(slashes, slashForPeople).slice(0, longestTitle);
    const uri = vscode.Uri.from({
      scheme: keyScheme,
      path: `/${title === '' ? this.wording.t('(empty name)') : title}`,
      query: `${open.target.id} ${bytesId(key)}`,
    });
    const known = this.shown.get(uri.toString());
    const shown: ShownKey = known ?? { database: open.target.id, key, request: {} };
    shown.request = { ...shown.request, ...request };
    this.shown.set(uri.toString(), shown);
    if (known !== undefined) this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    await this.speak(document);
  }

  /** The key that a document shows. */
  keyOf(uri: vscode.Uri): Uint8Array | undefined {
    return this.shown.get(uri.toString())?.key;
  }

  /** Reads the value once more. */
  refresh(uri: vscode.Uri): void {
    if (this.shown.has(uri.toString())) this.changed.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { t } = this.wording;
    const shown = this.shown.get(uri.toString());
    const open = shown === undefined ? undefined : await this.store.reached(shown.database);
    if (shown === undefined || open === undefined)
      return `# ${t('The database of this key is not shown any more. Choose it in the Keys view, and open the key again.')}\n`;
    const value = await open.inspector.value(open.target.id, shown.key, shown.request);
    if (!value.ok)
      return value.problems
        .flatMap((found) => problemLines(found, t))
        .map((line) => `# ${line}\n`)
        .join('');
    const { text, language, missing } = value.value;
    this.languages.set(uri.toString(), language);
    const rights =
      missing.length === 0
        ? ''
        : `# ${t('Rights that are missing: {rights}', { rights: missing.join(', ') })}\n`;
    return language === 'json' ? text : rights + text;
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** JSON is coloured as such; everything else is plain text. */
  private async speak(document: vscode.TextDocument): Promise<void> {
    const language = this.languages.get(document.uri.toString()) ?? 'plaintext';
    if (document.languageId !== language) await vscode.languages.setTextDocumentLanguage(document, language);
  }
}

function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
}
