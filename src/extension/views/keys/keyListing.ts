import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Emitter, type Event } from '../../../core/base/event';
import type { Disposable } from '../../../core/base/disposables';
import { OneAtATime } from '../../../core/base/oneAtATime';
import type { KeyFolder, KeyRow, RowPage, RowRequest } from '../../../core/keyspace/tree/keyRow';
import type { KeyDetails } from '../../../core/value/details/keyDetails';
import { detailedKeys, keyNode, modelKeyRows, moreNode, type KeyContext, type KeyNode } from './keyNodes';
import { keyId } from './rowId';
import { sortedRows, type RowSort } from './rowSort';

/** Where rows and what they hold come from. */
export interface KeySource {
  rows(folder: KeyFolder, request: RowRequest): Promise<RowPage>;
  details(keys: readonly Uint8Array[]): Promise<readonly KeyDetails[]>;
}

/** Rows of a folder that are shown at first, and that each *Load More* adds. */
export const pageRows = 200;
/** Bytes of names of each such page: a name may have a megabyte. */
const pageBytes = 4 * 1024 ** 2;
/** Rows of a folder among which a key is looked for, and that are sorted by what their keys hold. */
export const mostSearched = 2000;
/** Times that the server took for details, for which it is left alone before it is asked for more; milliseconds at most. */
const rest = 9;
const longestRest = 1000;
/** Keys of which the details are kept: more than anybody has on the screen. */
const mostDetails = 20_000;
/** Milliseconds after which what a key holds is asked for again, with the rows: values are replaced while simulations run. */
const freshFor = 10_000;
/** Rows of one folder that are drawn one by one; more are drawn with their folder. */
const few = 8;

/** The rows below one row that was opened, as far as they are shown. */
interface Branch {
  readonly id: string;
  readonly folder: KeyFolder | undefined;
  /** Nobody looks at the rows below a row that is shut; VS Code keeps them nevertheless. */
  shut: boolean;
  /** Rows that were asked for. */
  most: number;
  page: Pick<RowPage, 'rows' | 'total' | 'rest' | 'next'>;
  nodes: readonly KeyNode[];
  /** Keys that were asked about in this go; undefined where nothing is asked. */
  asking?: Set<string> | undefined;
}

/**
 * The rows of the Keys view that are shown, and what is known of their keys. It asks for a page of a folder when that is
 * opened, then for the details of its keys, some at a time and with pauses.
 */
export class KeyListing implements Disposable {
  private readonly changed = new Emitter<readonly string[]>();
  /** Ids of rows to be drawn again; the empty text stands for all. */
  readonly onDidChange: Event<readonly string[]> = this.changed.event;
  private readonly branches = new Map<string, Branch>();
  private readonly nodes = new Map<string, KeyNode>();
  private readonly parents = new Map<string, string>();
  private readonly known = new Map<string, { readonly details: KeyDetails; readonly at: number }>();
  private readonly asked = new Set<string>();
  private readonly refreshes = new OneAtATime(() => this.askAnew());
  /** Counts the databases that were shown: an answer about an earlier one is nobody's any more. */
  private era = 0;
  private order: RowSort = 'name';

  constructor(
    private readonly source: KeySource,
    private readonly context: () => Omit<KeyContext, 'details'>,
    /** Milliseconds. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Rows below a row, or the outermost ones. */
  async children(id = ''): Promise<readonly KeyNode[]> {
    const open = this.branches.get(id);
    if (open !== undefined) return open.nodes;
    const subject = this.nodes.get(id)?.subject;
    if (id !== '' && subject === undefined) return [];
    const { era } = this;
    const branch = branchOf(id, subject);
    await this.fill(branch);
    if (era !== this.era) return [];
    this.branches.set(id, branch);
    this.adopt(branch);
    void this.askDetails(branch);
    return branch.nodes;
  }

  node(id: string): KeyNode | undefined {
    return this.nodes.get(id);
  }

  /** The id of the row above; undefined of an outermost one. */
  parentOf(id: string): string | undefined {
    const parent = this.parents.get(id);
    return parent === '' ? undefined : parent;
  }

  /** Shows a further page of a folder. */
  async more(folder: string): Promise<void> {
    const branch = this.branches.get(folder);
    if (branch === undefined) return;
    branch.most += pageRows;
    await this.refresh();
  }

  get sort(): RowSort {
    return this.order;
  }

  set sort(order: RowSort) {
    this.order = order;
    this.redraw([...this.branches.values()]);
    void this.refresh();
  }

  /** Of how many keys that are sorted it is known what they hold; undefined where rows are in the order of their names. */
  get sorted(): { readonly known: number; readonly of: number } | undefined {
    if (this.order === 'name') return undefined;
    const keys = [...this.branches.values()]
      .filter(({ id }) => this.isSeen(id))
      .flatMap(({ page }) => page.rows.flatMap((row) => (row.kind === 'key' ? [row.key] : [])));
    return { known: keys.filter((key) => this.known.has(keyId(key))).length, of: keys.length };
  }

  /** The id of the row of a key, whose folders are opened for that; undefined where too many rows are before it. */
  async find(key: Uint8Array): Promise<string | undefined> {
    for (let folder = ''; ;) {
      const row = (await this.childAbove(folder, key)) ?? (await this.childAmongMore(folder, key));
      if (row === undefined || row.subject.kind === 'more') return undefined;
      if (isRowOf(row.subject, key)) return row.id;
      folder = row.id;
    }
  }

  private async childAbove(folder: string, key: Uint8Array): Promise<KeyNode | undefined> {
    return (await this.children(folder)).find(({ subject }) => leadsTo(subject, key));
  }

  private async childAmongMore(folder: string, key: Uint8Array): Promise<KeyNode | undefined> {
    const branch = this.branches.get(folder);
    if (branch === undefined || branch.most >= mostSearched) return undefined;
    const before = branch.most;
    branch.most = mostSearched;
    await this.refresh();
    const found = await this.childAbove(folder, key);
    // Rows that nobody asked for are not kept for nothing.
    if (found === undefined) branch.most = before;
    return found;
  }

  /** The rows below a row are not looked at any more. */
  shut(id: string): void {
    const branch = this.branches.get(id);
    if (branch !== undefined) branch.shut = true;
  }

  /** They are looked at again: what VS Code has kept of them may be old. */
  async opened(id: string): Promise<void> {
    const branch = this.branches.get(id);
    if (branch?.shut !== true) return;
    branch.shut = false;
    await this.refresh();
  }

  /** Asks for the rows that are shown once more, and tells which have changed. */
  refresh(): Promise<void> {
    return this.refreshes.run();
  }

  /** Asks once more what the keys of the rows hold; until that is told, what was known is shown. */
  askDetailsAnew(): void {
    for (const [id, { details }] of this.known) this.known.set(id, { details, at: -Infinity });
    for (const branch of this.branches.values()) {
      branch.asking?.clear();
      if (this.isSeen(branch.id)) void this.askDetails(branch);
    }
  }

  /** Another database is shown: all that was shown is gone. */
  reset(): void {
    this.era += 1;
    this.branches.clear();
    this.nodes.clear();
    this.parents.clear();
    this.known.clear();
    this.asked.clear();
    this.changed.fire(['']);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async askAnew(): Promise<void> {
    const { era } = this;
    const open = [...this.branches.values()].filter(({ id }) => this.isSeen(id));
    await Promise.all(open.map((branch) => this.fill(branch)));
    if (era !== this.era) return;
    this.redraw(open.filter((branch) => this.branches.get(branch.id) === branch));
    for (const branch of open) if (this.branches.get(branch.id) === branch) void this.askDetails(branch);
  }

  /** Whether the row and all above it are open. */
  private isSeen(id: string): boolean {
    for (let at: string | undefined = id; at !== undefined; at = this.parents.get(at))
      if (this.branches.get(at)?.shut === true) return false;
    return true;
  }

  /** A row has gone, and all below it. */
  private drop(id: string): void {
    for (const node of this.branches.get(id)?.nodes ?? []) this.drop(node.id);
    this.branches.delete(id);
    this.nodes.delete(id);
    this.parents.delete(id);
  }

  private async fill(branch: Branch): Promise<void> {
    if (branch.folder === undefined) return;
    const mostBytes = pageBytes * Math.ceil(branch.most / pageRows);
    const most = this.order === 'name' ? branch.most : Math.max(branch.most, mostSearched);
    branch.page = await this.source.rows(branch.folder, { from: 0, most, mostBytes });
  }

  /** Makes the nodes of branches anew and tells what is to be drawn. */
  private redraw(branches: readonly Branch[]): void {
    const changes = branches.flatMap((branch) => {
      const before = branch.nodes;
      if (!this.branches.has(branch.id)) return [];
      this.adopt(branch);
      return differences(branch.id, before, branch.nodes);
    });
    if (changes.length > 0) this.changed.fire(changes.includes('') ? [''] : changes);
  }

  private adopt(branch: Branch): void {
    const context: KeyContext = { ...this.context(), details: (key) => this.known.get(keyId(key))?.details };
    const { rows, next, total, rest } = branch.page;
    const shown = sortedRows(rows, this.order, context.details).slice(0, branch.most);
    const nodes = shown.map((row) => keyNode(row, context));
    const more = rest > 0 || next !== undefined || total > shown.length;
    const all = more
      ? [...nodes, moreNode(branch.id, { ...branch.page, shown: shown.length }, this.order, context)]
      : nodes;
    const kept = new Set(all.map(({ id }) => id));
    for (const { id } of branch.nodes) if (!kept.has(id)) this.drop(id);
    branch.nodes = all;
    for (const node of all) {
      this.nodes.set(node.id, node);
      this.parents.set(node.id, branch.id);
      // The keys of an AI model come with its row.
      const below = this.branches.get(node.id);
      if (below !== undefined && node.subject.kind === 'aiModel') below.page = modelPage(node.subject);
    }
  }

  /** Asks what the keys of the rows hold of which that is not known, page by page, for as long as somebody looks at them. */
  private async askDetails(branch: Branch): Promise<void> {
    if (branch.asking !== undefined) return;
    branch.asking = new Set();
    const { era } = this;
    for (;;) {
      const wanted = this.unknownKeys(branch, branch.asking).slice(0, pageRows);
      if (wanted.length === 0 || !this.isSeen(branch.id)) break;
      for (const key of wanted) {
        branch.asking.add(keyId(key));
        this.asked.add(keyId(key));
      }
      const begun = performance.now();
      const details = await this.source.details(wanted);
      const took = performance.now() - begun;
      if (era !== this.era) return;
      for (const key of wanted) this.asked.delete(keyId(key));
      for (const one of details) this.keep(one);
      if (this.branches.get(branch.id) !== branch) return;
      this.redraw([branch]);
      if (this.unknownKeys(branch, branch.asking).length > 0) await delay(Math.min(longestRest, rest * took));
    }
    branch.asking = undefined;
  }

  private unknownKeys({ page }: Branch, tried: ReadonlySet<string>): readonly Uint8Array[] {
    return page.rows
      .flatMap((row) => [...detailedKeys(row)])
      .filter((key) => {
        const id = keyId(key);
        return !this.isFresh(id) && !this.asked.has(id) && !tried.has(id);
      });
  }

  private isFresh(id: string): boolean {
    const known = this.known.get(id);
    return known !== undefined && this.now() - known.at < freshFor;
  }

  private keep(details: KeyDetails): void {
    const id = keyId(details.key);
    this.known.delete(id);
    this.known.set(id, { details, at: this.now() });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= mostDetails) break;
      this.known.delete(oldest);
    }
  }
}

function branchOf(id: string, subject: KeyNode['subject'] | undefined): Branch {
  const none = { rows: [], total: 0, rest: 0 };
  if (subject?.kind === 'aiModel')
    return { id, folder: undefined, shut: false, most: Infinity, page: modelPage(subject), nodes: [] };
  const folder =
    subject?.kind === 'folder' || subject?.kind === 'dataset' ? subject.folder : ({ kind: 'root' } as const);
  return { id, folder, shut: false, most: pageRows, page: none, nodes: [] };
}

function modelPage(row: Extract<KeyRow, { kind: 'aiModel' }>): Branch['page'] {
  const rows = modelKeyRows(row);
  return { rows, total: rows.length, rest: 0 };
}

/** Whether the row is that of the key. */
function isRowOf(subject: KeyNode['subject'], key: Uint8Array): boolean {
  if (subject.kind === 'key') return sameBytes(subject.key, key);
  return subject.kind === 'dataset' && sameBytes(subject.metadata, key);
}

/** Whether the row is that of the key, or the key lies below it. */
function leadsTo(subject: KeyNode['subject'], key: Uint8Array): boolean {
  switch (subject.kind) {
    case 'key':
      return isRowOf(subject, key);
    case 'aiModel':
      return subject.keys.some((one) => sameBytes(one, key));
    case 'folder':
    case 'dataset':
      return (
        'prefix' in subject.folder &&
        sameBytes(subject.folder.prefix, key.subarray(0, subject.folder.prefix.length))
      );
    case 'more':
      return false;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Ids of the rows to be drawn so that `after` is shown where `before` was. */
function differences(
  parent: string,
  before: readonly KeyNode[],
  after: readonly KeyNode[],
): readonly string[] {
  const same = before.length === after.length && before.every(({ id }, at) => id === after[at]?.id);
  if (!same) return [parent];
  const changed = after.filter((node, at) => !isDeepStrictEqual(node, before[at]));
  return changed.length > few ? [parent] : changed.map(({ id }) => id);
}
