import path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../core/base/disposables';
import { Emitter, type Event } from '../core/base/event';
import { inBackground } from './bridge/background';
import { deferredCore } from './bridge/deferredCore';
import { redisaiPathSetting, serverPathSetting } from './bridge/settings';
import { commandTable } from './commands/commandTable';
import { runCommand } from './commands/runCommand';
import type { Workbench } from './commands/workbench';
import { commandId, contextKey, setting, viewId } from './contributions';
import { composeKeys } from './keyComposition';
import { CodeLenses } from './language/codeLenses';
import { Diagnostics } from './language/diagnostics';
import { PlanDocuments } from './language/planDocuments';
import { ProblemPages } from './language/problemPages';
import { ContextKeys } from './state/contextKeys';
import { ExperimentStore } from './state/experimentStore';
import { experimentStates } from './state/experimentStates';
import { RunStore } from './state/runStore';
import { ServerAvailability } from './state/serverAvailability';
import { Notices } from './notices/notices';
import { RunStatusItem } from './ui/runStatusItem';
import { showNews } from './ui/showNews';
import { experimentNodes } from './views/experiments/experimentNodes';
import { LiveTree } from './views/liveTree';
import { modelNodes } from './views/models/modelNodes';
import { Measuring } from './views/orchestrators/measuring';
import { databaseNodes } from './views/orchestrators/databaseNodes';
import { orchestratorNodes } from './views/orchestrators/orchestratorNodes';
import type { Subject, ViewNode } from './views/viewNode';
import type { Wording } from './wording/wording';

/** What the extension gives to other extensions: the side bar as plain data, read-only. */
export interface WorkbenchApi {
  readonly version: 1;
  experiments(): readonly ViewNode[];
  orchestrators(): readonly ViewNode[];
  models(): readonly ViewNode[];
  /** After it, the views may show something else. */
  readonly onDidChange: Event<void>;
}

/**
 * Makes every object of the window, once, in this order: log, core, stores, commands, language,
 * views. Nothing here waits, searches, connects or starts a process.
 */
export function compose(context: vscode.ExtensionContext): WorkbenchApi {
  const own = <T extends Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const log = own(vscode.window.createOutputChannel('SmartSim', { log: true }));
  const wording: Wording = {
    t: (template, args = {}) => vscode.l10n.t(template, args),
    locale: vscode.env.language,
  };
  const isTrusted = (): boolean => vscode.workspace.isTrusted;
  const onTrust = vscode.workspace.onDidGrantWorkspaceTrust;

  const core = deferredCore(async () => {
    const { lazyCore } = await import('./bridge/lazyCore');
    return lazyCore({
      environment: process.env,
      userId: process.getuid?.() ?? 0,
      node: process.execPath,
      supervisor: path.join(context.extensionPath, 'dist', 'supervisor.js'),
      programs: path.join(context.extensionPath, 'dist'),
      isTrusted,
      serverSetting: serverPathSetting,
      redisaiSetting: redisaiPathSetting,
    });
  });

  const experiments = own(new ExperimentStore(log));
  const runs = own(new RunStore(() => core.runs(), log));
  const serverAvailability = own(new ServerAvailability(() => core.hasServer()));
  const settingChanged = own(new Emitter<void>());
  own(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (Object.values(setting).some((name) => change.affectsConfiguration(name))) settingChanged.fire();
      if (!change.affectsConfiguration(setting.serverPath)) return;
      void inBackground('No database server can be looked for', () => serverAvailability.recheck(), log);
    }),
  );

  const contextKeys = new ContextKeys();
  const keys = composeKeys({
    ...{ own, core, runs, contextKeys, log, wording },
    memory: context.globalState,
    secrets: context.secrets,
  });
  const planDocuments = own(new PlanDocuments());
  const workbench: Workbench = {
    experiments,
    runs,
    serverAvailability,
    planDocuments,
    keys,
    selectedExperiment: () => experimentTree.selected,
    core,
    log,
    wording,
  };
  for (const [id, command] of Object.entries(commandTable)) {
    own(
      vscode.commands.registerCommand(id, (target: unknown, selected: unknown) =>
        runCommand(id, command, workbench, target, selected),
      ),
    );
  }

  own(new Diagnostics(core, wording, log, [onTrust, settingChanged.event, serverAvailability.onDidChange]));
  own(new ProblemPages(context.extensionPath));
  own(new CodeLenses(core, runs, wording, onTrust));

  const nodes = {
    experiments: () =>
      experimentNodes(experimentStates(experiments.files, runs), {
        wording,
        now: Date.now(),
        trusted: isTrusted(),
      }),
    orchestrators: () => [
      ...orchestratorNodes(runs.current, { wording, now: Date.now() }),
      ...databaseNodes(isTrusted() ? keys.connections.databases : [], wording),
    ],
    models: () => modelNodes(runs.current, { wording, now: Date.now() }),
  };
  const followRuns = async (): Promise<void> => {
    if (isTrusted()) await inBackground('The runs cannot be read', () => runs.follow(), log);
  };
  const lookForServer = async (): Promise<void> => {
    if (!isTrusted() || runs.current.length > 0) return;
    await inBackground('No database server can be looked for', () => serverAvailability.once(), log);
  };

  const experimentTree = own(
    new LiveTree(
      viewId.experiments,
      {
        ready: async () => {
          const files = inBackground('The workspace cannot be searched', () => experiments.search(), log);
          await Promise.all([files, followRuns()]);
        },
        nodes: nodes.experiments,
        changes: [experiments.onDidChange, runs.onDidChange, onTrust],
        click: clickOn,
        showCollapseAll: true,
      },
      log,
    ),
  );
  const orchestratorTree = own(
    new LiveTree(
      viewId.orchestrators,
      {
        ready: async () => {
          await followRuns();
          await lookForServer();
          if (!isTrusted()) return;
          await keys.connections.load();
          void inBackground('Databases cannot be searched for', () => keys.connections.once(), log);
        },
        nodes: nodes.orchestrators,
        changes: [runs.onDidChange, keys.connections.onDidChange],
        click: clickOn,
      },
      log,
    ),
  );
  const modelTree = own(
    new LiveTree(
      viewId.models,
      {
        ready: followRuns,
        nodes: nodes.models,
        changes: [runs.onDidChange],
        click: clickOn,
      },
      log,
    ),
  );
  const measuring = own(new Measuring(() => runs.runs.filter((run) => run.live), log));
  own(
    orchestratorTree.view.onDidChangeVisibility(({ visible }) => {
      measuring.setVisible(visible);
    }),
  );
  own(
    runs.onDidChange(() => {
      measuring.update();
    }),
  );
  own(new RunStatusItem(runs, wording));
  const trees = {
    [viewId.experiments]: experimentTree,
    [viewId.orchestrators]: orchestratorTree,
    [viewId.models]: modelTree,
    [viewId.keys]: keys.tree,
  };
  own(
    new Notices(runs, {
      visible: () => new Set(Object.values(viewId).filter((id) => trees[id].view.visible)),
      isFirst: ({ runDirectory }, news) => core.toldOnce(runDirectory, news),
      show: (news, run) => {
        showNews(news, run, wording);
      },
      log,
    }),
  );

  const tell = (): void => {
    contextKeys.set(contextKey.experimentsSearched, experiments.searched);
    contextKeys.set(contextKey.runsRead, runs.read);
    contextKeys.set(contextKey.serverMissing, serverAvailability.missing);
    const live = runs.runs.filter((run) => run.live).map(({ record }) => record.file);
    contextKeys.set(
      contextKey.liveFiles,
      [...new Set([...live, ...runs.launching])].map((file) => vscode.Uri.file(file).path),
    );
    // A message hides the welcome text, which says more where there is nothing to see.
    const restricted = !isTrusted() && experiments.files.length > 0;
    experimentTree.view.message = restricted
      ? wording.t('Restricted Mode: files are checked, nothing is launched or connected to.')
      : '';
  };
  for (const event of [experiments.onDidChange, runs.onDidChange, serverAvailability.onDidChange])
    own(event(tell));
  own(
    onTrust(async () => {
      tell();
      await followRuns();
      if (orchestratorTree.view.visible) await lookForServer();
    }),
  );

  const changed = own(new Emitter<void>());
  for (const event of [experiments.onDidChange, runs.onDidChange]) {
    own(
      event(() => {
        changed.fire();
      }),
    );
  }
  return { version: 1, ...nodes, onDidChange: changed.event };
}

/** A click opens what a row is about, as a click on a file does. */
function clickOn(subject: Subject): { command: string; title: string } | undefined {
  switch (subject.kind) {
    case 'experiment':
      return { command: commandId.openExperiment, title: vscode.l10n.t('Open') };
    case 'model':
      return { command: commandId.openOutput, title: vscode.l10n.t('Open Output') };
    case 'database':
      return { command: commandId.showKeys, title: vscode.l10n.t('Show Keys') };
    case 'orchestrator':
    case 'shard':
      return { command: commandId.revealInFile, title: vscode.l10n.t('Reveal in Experiment File') };
    default:
      return undefined;
  }
}
