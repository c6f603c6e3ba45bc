import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import type { Event } from '../../core/base/event';
import type { Log } from '../../core/base/log';
import { inBackground } from '../bridge/background';
import { changedNodes } from './changedNodes';
import { themeIcon } from './themeIcon';
import { contextValueOf, type Subject, type ViewNode } from './viewNode';

/** What VS Code holds for a row: stays the same object while the row exists, its node changes. */
export class TreeElement {
  constructor(public node: ViewNode) {}
}

/** What a view shows and when. */
export interface TreeContent {
  /** Resolves when `nodes` has something true to say; called each time the view becomes visible. */
  readonly ready: () => Promise<void>;
  readonly nodes: () => readonly ViewNode[];
  /** After each, `nodes` may say something else. */
  readonly changes: readonly Event<unknown>[];
  /** What a click on the row does, if anything. */
  readonly click: (subject: Subject) => { readonly command: string; readonly title: string } | undefined;
  /** Whether the view's title has a button that shuts all rows. */
  readonly showCollapseAll?: boolean;
}

/** A side bar view that follows its content while it is visible, row by row. */
export class LiveTree implements vscode.TreeDataProvider<TreeElement>, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new vscode.EventEmitter<TreeElement[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<TreeElement>;
  private roots: readonly ViewNode[] = [];
  private readonly elements = new Map<string, TreeElement>();
  private readonly parents = new Map<string, string>();

  constructor(
    id: string,
    private readonly content: TreeContent,
    private readonly log: Log,
  ) {
    const { showCollapseAll = false } = content;
    this.view = this.owned.add(vscode.window.createTreeView(id, { treeDataProvider: this, showCollapseAll }));
    for (const event of content.changes) {
      this.owned.add(
        event(() => {
          if (this.view.visible) this.refresh();
        }),
      );
    }
    this.owned.add(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) void this.show();
      }),
    );
  }

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    if (element !== undefined) return this.elementsOf(element.node.children);
    await this.content.ready();
    this.take(this.content.nodes());
    return this.elementsOf(this.roots);
  }

  getParent({ node }: TreeElement): TreeElement | undefined {
    return this.elements.get(this.parents.get(node.id) ?? '');
  }

  getTreeItem({ node }: TreeElement): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, collapsible(node));
    item.id = node.id;
    if (node.description !== undefined) item.description = node.description;
    item.tooltip = node.tooltip.join('\n');
    item.iconPath = themeIcon(node.icon);
    item.contextValue = contextValueOf(node);
    item.accessibilityInformation = { label: node.spoken };
    const click = this.content.click(node.subject);
    if (click !== undefined) item.command = { ...click, arguments: [node.subject] };
    return item;
  }

  /** What the selected row is about. */
  get selected(): Subject | undefined {
    return this.view.selection[0]?.node.subject;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async show(): Promise<void> {
    await this.content.ready();
    this.refresh();
  }

  private refresh(): void {
    const before = this.roots;
    const shut = new Set(
      [...this.elements.values()].filter(({ node }) => !node.expanded).map(({ node }) => node.id),
    );
    this.take(this.content.nodes());
    const changes = changedNodes(before, this.roots);
    if (changes === 'all') this.changed.fire(undefined);
    else if (changes.length > 0) this.changed.fire(changes.flatMap((id) => this.elements.get(id) ?? []));
    for (const element of this.elements.values()) {
      if (element.node.expanded && shut.has(element.node.id)) void this.expand(element);
    }
  }

  /** VS Code keeps a row shut that it has once drawn without children. */
  private async expand(element: TreeElement): Promise<void> {
    await inBackground(
      'A row cannot be expanded',
      async () => {
        await this.view.reveal(element, { select: false, focus: false, expand: true });
      },
      this.log,
    );
  }

  /** Gives every row its new node, and forgets the rows that are gone. */
  private take(roots: readonly ViewNode[]): void {
    this.roots = roots;
    const seen = new Set<string>();
    this.parents.clear();
    const visit = (node: ViewNode): void => {
      seen.add(node.id);
      for (const child of node.children) this.parents.set(child.id, node.id);
      const element = this.elements.get(node.id);
      if (element === undefined) this.elements.set(node.id, new TreeElement(node));
      else element.node = node;
      node.children.forEach(visit);
    };
    roots.forEach(visit);
    for (const id of [...this.elements.keys()]) if (!seen.has(id)) this.elements.delete(id);
  }

  private elementsOf(nodes: readonly ViewNode[]): TreeElement[] {
    return nodes.flatMap(({ id }) => this.elements.get(id) ?? []);
  }
}

function collapsible({ children, expanded }: ViewNode): vscode.TreeItemCollapsibleState {
  if (children.length === 0) return vscode.TreeItemCollapsibleState.None;
  return expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
