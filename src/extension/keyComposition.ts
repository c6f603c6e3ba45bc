import * as vscode from 'vscode';
import type { Disposable } from '../core/base/disposables';
import type { Problem } from '../core/base/problem';
import type { DatabaseState } from '../core/database/databaseState';
import { inBackground } from './bridge/background';
import type { HeavyCore } from './bridge/heavyCore';
import { contextKey } from './contributions';
import { KeyDocuments } from './documents/keyDocuments';
import type { ContextKeys } from './state/contextKeys';
import { ConnectionStore, type ConnectionState, type Secrets } from './state/connectionStore';
import { KeyStore, type ShownKeys } from './state/keyStore';
import type { Memory } from './state/rememberedDatabases';
import type { RunStore } from './state/runStore';
import { KeyTree } from './views/keys/keyTree';
import { keysHeader, type HeaderContext } from './views/keys/keysHeader';
import { filterText } from './views/keys/filterText';
import { keysLock, keysState } from './views/keys/keysState';
import type { Wording } from './wording/wording';

/** What looks into databases: which one, and the view of its keys. */
export interface KeyParts {
  readonly store: KeyStore;
  readonly connections: ConnectionStore;
  readonly tree: KeyTree;
  readonly documents: KeyDocuments;
}

interface KeyCompositionOptions {
  readonly own: <T extends Disposable>(item: T) => T;
  readonly core: HeavyCore;
  readonly runs: RunStore;
  readonly memory: Memory;
  readonly secrets: Secrets;
  readonly contextKeys: ContextKeys;
  readonly log: vscode.LogOutputChannel;
  readonly wording: Wording;
}

/** Makes the objects that look into databases. Nothing is connected to and nothing loaded before the Keys view is seen. */
export function composeKeys(options: KeyCompositionOptions): KeyParts {
  const { own, core, runs, memory, secrets, contextKeys, log, wording } = options;
  let records: Disposable | undefined;
  const searchAgain = (): void => {
    void inBackground('Databases cannot be searched for', () => connections.search(), log);
  };
  const connections = own(
    new ConnectionStore({
      loadCore: () => core.databases(),
      runs: () => (vscode.workspace.isTrusted ? runs.runs : []),
      search: (databases) => {
        if (!vscode.workspace.isTrusted) return Promise.resolve({ databases: [], problems: [] });
        records ??= own(onRecords(searchAgain));
        return databases.find(workspaceFolders(), AbortSignal.timeout(searchLimit));
      },
      memory,
      secrets,
    }),
  );
  const store = own(new KeyStore(() => core.keys(), connections, log));
  const offer = (): void => {
    if (vscode.workspace.isTrusted) store.offer(connections.attached);
  };
  const context = (): HeaderContext => {
    const filter = filterText(store, wording);
    const { sort, sorted } = tree;
    return {
      ...{ wording, now: Date.now() },
      ...(filter === undefined ? {} : { filter }),
      ...(sort === 'name' || sorted === undefined ? {} : { sorted: { by: sort, ...sorted } }),
    };
  };
  const tell = (): void => {
    const { description, message } = keysHeader(store.shown, context());
    tree.view.description = description;
    tree.view.message = message;
    contextKeys.set(contextKey.keysState, keysState(store.shown, filterText(store, wording) !== undefined));
    contextKeys.set(contextKey.keysLock, keysLock(store.shown));
    contextKeys.set(contextKey.keysFiltered, filterText(store, wording) !== undefined);
    contextKeys.set(contextKey.keysPace, store.pace);
  };
  const tree = own(
    new KeyTree(
      store,
      () => ({ wording, now: Date.now() }),
      async () => {
        if (!vscode.workspace.isTrusted) return;
        await inBackground('The runs cannot be read', () => runs.follow(), log);
        await connections.load();
        offer();
        void inBackground('Databases cannot be searched for', () => connections.once(), log);
        tell();
      },
      log,
    ),
  );
  own(tree.onDidChangeTreeData(tell));
  own(vscode.workspace.onDidGrantWorkspaceTrust(searchAgain));
  own(
    runs.onDidChange(() => {
      connections.update();
    }),
  );
  own(
    connections.onDidChange(() => {
      offer();
      void inBackground('A database cannot be unlocked', () => store.followAccess(), log);
    }),
  );
  own(
    store.onDidChange(() => {
      tell();
      connections.report(lookedAt(store.shown));
    }),
  );
  return { store, connections, tree, documents: own(new KeyDocuments(store, wording)) };
}

/** Milliseconds after which a search that hangs in a file system is given up. */
const searchLimit = 10_000;

/** Calls back whenever SmartSim has written a record of an experiment in the workspace. */
function onRecords(changed: () => void): Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/.smartsim/telemetry/manifest.json');
  watcher.onDidCreate(changed);
  watcher.onDidChange(changed);
  watcher.onDidDelete(changed);
  return watcher;
}

function workspaceFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}

/** What the Keys view tells of the database that it shows. */
function lookedAt(shown: ShownKeys): { readonly id: string; readonly state: ConnectionState } | undefined {
  if (shown.kind === 'none') return undefined;
  const { id } = shown.target;
  if (shown.kind === 'connecting') return { id, state: { kind: 'connecting' } };
  const problem = shown.kind === 'failed' ? shown.problems[0] : problemOf(shown.state);
  return { id, state: problem === undefined ? { kind: 'connected' } : { kind: 'failed', problem } };
}

function problemOf(state: DatabaseState): Problem | undefined {
  return state.kind === 'stale' || state.kind === 'refused' ? state.problem : undefined;
}
