import * as vscode from 'vscode';
import type { Disposable } from '../core/base/disposables';
import { inBackground } from './bridge/background';
import type { HeavyCore } from './bridge/heavyCore';
import { contextKey } from './contributions';
import type { ContextKeys } from './state/contextKeys';
import { KeyStore } from './state/keyStore';
import { databasesOfRuns } from './state/runDatabases';
import type { RunStore } from './state/runStore';
import { KeyTree } from './views/keys/keyTree';
import { keysHeader } from './views/keys/keysHeader';
import { keysState } from './views/keys/keysState';
import type { Wording } from './wording/wording';

/** What looks into databases: which one, and the view of its keys. */
export interface KeyParts {
  readonly store: KeyStore;
  readonly tree: KeyTree;
}

interface KeyCompositionOptions {
  readonly own: <T extends Disposable>(item: T) => T;
  readonly core: HeavyCore;
  readonly runs: RunStore;
  readonly contextKeys: ContextKeys;
  readonly log: vscode.LogOutputChannel;
  readonly wording: Wording;
}

/** Makes the objects that look into databases. Nothing is connected to and nothing loaded before the Keys view is seen. */
export function composeKeys({ own, core, runs, contextKeys, log, wording }: KeyCompositionOptions): KeyParts {
  const store = own(new KeyStore(() => core.keys(), log));
  const tell = (): void => {
    const { description, message } = keysHeader(store.shown, wording);
    tree.view.description = description;
    tree.view.message = message;
    contextKeys.set(contextKey.keysState, keysState(store.shown, store.filter));
  };
  const tree = own(
    new KeyTree(
      store,
      () => ({ wording, now: Date.now() }),
      async () => {
        if (!vscode.workspace.isTrusted) return;
        await inBackground('The runs cannot be read', () => runs.follow(), log);
        store.offer(databasesOfRuns(runs.runs));
        tell();
      },
      log,
    ),
  );
  own(
    runs.onDidChange(() => {
      if (vscode.workspace.isTrusted) store.offer(databasesOfRuns(runs.runs));
    }),
  );
  own(store.onDidChange(tell));
  return { store, tree };
}
