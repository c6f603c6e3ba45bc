import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/base/disposables';
import type { Log } from '../../../core/base/log';
import { inBackground } from '../../bridge/background';
import { commandId, viewId } from '../../contributions';
import type { KeyStore } from '../../state/keyStore';
import { RestedWork } from '../../state/restedWork';
import { themeIcon } from '../themeIcon';
import type { RowSort } from './rowSort';
import { KeyListing } from './keyListing';
import { keyContextValue, type KeyContext, type KeySubject } from './keyNodes';

/**
 * The Keys view: asks for rows when they are opened, and draws again what has changed while it is visible. What VS Code holds
 * for a row is the row's id.
 */
export class KeyTree implements vscode.TreeDataProvider<string>, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new vscode.EventEmitter<string[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<string>;
  private readonly listing: KeyListing;
  private database: string | undefined;
  /** While names come in, rows are looked at again and again. */
  private readonly drawing = this.owned.add(
    new RestedWork(() => inBackground('The keys cannot be shown', () => this.listing.refresh(), this.log)),
  );
  private untold = false;

  constructor(
    private readonly store: KeyStore,
    context: () => Pick<KeyContext, 'wording' | 'now'>,
    private readonly ready: () => Promise<void>,
    private readonly log: Log,
  ) {
    this.listing = this.owned.add(
      new KeyListing(store, () => ({
        ...context(),
        display: (name) => store.displayKey(name),
        changeable: store.changeable,
      })),
    );
    this.view = this.owned.add(
      vscode.window.createTreeView(viewId.keys, {
        treeDataProvider: this,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.owned.add(
      this.view.onDidChangeVisibility(({ visible }) => {
        store.setVisible(visible);
        if (visible) this.background(() => this.ready());
        if (visible && this.untold) this.rowsChanged();
      }),
    );
    this.owned.add(
      this.view.onDidCollapseElement(({ element }) => {
        this.listing.shut(element);
      }),
    );
    this.owned.add(
      this.view.onDidExpandElement(({ element }) => {
        this.background(() => this.listing.opened(element));
      }),
    );
    this.owned.add(
      this.listing.onDidChange((ids) => {
        this.draw(ids);
      }),
    );
    this.owned.add(
      store.onDidChange(() => {
        this.follow();
      }),
    );
  }

  async getChildren(id?: string): Promise<string[]> {
    if (id === undefined) {
      this.store.setVisible(this.view.visible);
      await this.ready();
    }
    return (await this.listing.children(id)).map((node) => node.id);
  }

  getParent(id: string): string | undefined {
    return this.listing.parentOf(id);
  }

  getTreeItem(id: string): vscode.TreeItem {
    const node = this.listing.node(id);
    // It has gone while VS Code was about to draw it.
    if (node === undefined) return new vscode.TreeItem('');
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.label, node.opens ? Collapsed : None);
    item.id = node.id;
    if (node.description !== undefined) item.description = node.description;
    item.tooltip = node.tooltip.join('\n');
    item.iconPath = themeIcon(node.icon);
    item.contextValue = keyContextValue(node);
    item.accessibilityInformation = { label: node.spoken };
    const { subject } = node;
    if (subject.kind === 'more')
      item.command = { command: commandId.loadMoreKeys, title: node.label, arguments: [id] };
    if (subject.kind === 'key')
      item.command = { command: commandId.openKey, title: vscode.l10n.t('Open'), arguments: [id] };
    return item;
  }

  /** What the row stands for on which a command was invoked: VS Code gives its id. */
  subjectOf(target: unknown): KeySubject | undefined {
    return typeof target === 'string' ? this.listing.node(target)?.subject : undefined;
  }

  /** Looks again at what is shown, if somebody sees it. */
  async refresh(): Promise<void> {
    if (!this.view.visible) return;
    this.listing.askDetailsAnew();
    await this.store.rescan();
  }

  /** Something was changed from here: what is shown is asked for again. */
  async redraw(): Promise<void> {
    this.listing.askDetailsAnew();
    await this.listing.refresh();
  }

  /** Asks anew what the keys hold. */
  askDetailsAnew(): void {
    this.listing.askDetailsAnew();
  }

  /** By what rows are ordered. */
  get sort(): RowSort {
    return this.listing.sort;
  }

  set sort(order: RowSort) {
    this.listing.sort = order;
  }

  /** Of how many keys it is known what they hold, where rows are ordered by that. */
  get sorted(): KeyListing['sorted'] {
    return this.listing.sorted;
  }

  /** Selects the row of a key, if it is among the rows that a view can show. */
  async reveal(key: Uint8Array): Promise<void> {
    const id = await this.listing.find(key);
    if (id !== undefined) await this.view.reveal(id, { select: true, focus: false });
  }

  /** Shows a further page of a folder. */
  more(folder: string): Promise<void> {
    return this.listing.more(folder);
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Another database begins empty; more of the same is drawn when the last drawing is a while ago. */
  private follow(): void {
    const { shown } = this.store;
    const database = shown.kind === 'open' ? shown.target.id : undefined;
    if (database !== this.database) {
      this.database = database;
      this.listing.reset();
    } else this.rowsChanged();
  }

  private rowsChanged(): void {
    this.untold = !this.view.visible;
    if (this.view.visible) this.drawing.changed();
  }

  private draw(ids: readonly string[]): void {
    if (ids.includes('')) {
      this.changed.fire(undefined);
      return;
    }
    this.changed.fire([...ids]);
  }

  private background(work: () => Promise<unknown>): void {
    void inBackground('The keys cannot be shown', work, this.log);
  }
}
