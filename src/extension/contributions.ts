/**
 * Every id that package.json and the code must agree upon, once. `test/extension/contributions.test.ts`
 * compares the two.
 */

export const languageId = 'smartsim-experiment';

/** Names of experiment files, as a glob for the workspace. */
export const experimentFilePattern = '**/{*.smartsim.yaml,*.smartsim.yml,smartsim.yaml,smartsim.yml}';

export const viewId = {
  experiments: 'smartsim.experiments',
  orchestrators: 'smartsim.orchestrators',
  models: 'smartsim.models',
  keys: 'smartsim.keys',
} as const;

export type ViewId = (typeof viewId)[keyof typeof viewId];

export const commandId = {
  launchExperiment: 'smartsim.launchExperiment',
  launchSelected: 'smartsim.launchSelected',
  stopExperiment: 'smartsim.stopExperiment',
  takeOver: 'smartsim.takeOver',
  restartModel: 'smartsim.restartModel',
  restartShard: 'smartsim.restartShard',
  repairCluster: 'smartsim.repairCluster',
  newExperiment: 'smartsim.newExperiment',
  openExperiment: 'smartsim.openExperiment',
  showPlan: 'smartsim.showPlan',
  openOutput: 'smartsim.openOutput',
  openErrorOutput: 'smartsim.openErrorOutput',
  revealInFile: 'smartsim.revealInFile',
  copySsdb: 'smartsim.copySsdb',
  installDatabaseServer: 'smartsim.installDatabaseServer',
  buildEngine: 'smartsim.buildEngine',
  showKeys: 'smartsim.showKeys',
  connectDatabase: 'smartsim.connectDatabase',
  disconnectDatabase: 'smartsim.disconnectDatabase',
  forgetConnection: 'smartsim.forgetConnection',
  attachFromEnvironment: 'smartsim.attachFromEnvironment',
  unlockDatabase: 'smartsim.unlockDatabase',
  lockDatabase: 'smartsim.lockDatabase',
  chooseDatabase: 'smartsim.chooseDatabase',
  loadMoreKeys: 'smartsim.loadMoreKeys',
  openKey: 'smartsim.openKey',
  viewKeyAs: 'smartsim.viewKeyAs',
  showSlice: 'smartsim.showSlice',
  refreshKey: 'smartsim.refreshKey',
  goToKey: 'smartsim.goToKey',
  filterKeys: 'smartsim.filterKeys',
  filterKeysByKind: 'smartsim.filterKeysByKind',
  clearKeyFilter: 'smartsim.clearKeyFilter',
  sortKeys: 'smartsim.sortKeys',
  scanFaster: 'smartsim.scanFaster',
  scanKindly: 'smartsim.scanKindly',
  rescanKeys: 'smartsim.rescanKeys',
  copyKey: 'smartsim.copyKey',
  copyPythonCode: 'smartsim.copyPythonCode',
  copyCppCode: 'smartsim.copyCppCode',
  copyCCode: 'smartsim.copyCCode',
  copyFortranCode: 'smartsim.copyFortranCode',
  renameKey: 'smartsim.renameKey',
  setKeyExpiry: 'smartsim.setKeyExpiry',
  deleteKeys: 'smartsim.deleteKeys',
  deleteFolder: 'smartsim.deleteFolder',
  refresh: 'smartsim.refresh',
  showLog: 'smartsim.showLog',
} as const;
export type CommandId = (typeof commandId)[keyof typeof commandId];

export const contextKey = {
  /** The workspace was searched for experiment files: only then is "there is none" true. */
  experimentsSearched: 'smartsim.experimentsSearched',
  /** The index of runs was read: only then is "nothing is running" true. */
  runsRead: 'smartsim.runsRead',
  /** This machine was looked at and has no server. */
  serverMissing: 'smartsim.serverMissing',
  /** Paths of the experiment files whose run is live or being launched. */
  liveFiles: 'smartsim.liveFiles',
  /** What the Keys view shows: see `keysState`. */
  keysState: 'smartsim.keysState',
  /** Whether the database that is shown has to be unlocked for changes: see `keysLock`. */
  keysLock: 'smartsim.keysLock',
  /** Whether the Keys view shows only keys that are looked for. */
  keysFiltered: 'smartsim.keysFiltered',
  /** `kind` or `full`. */
  keysPace: 'smartsim.keysPace',
} as const;

export const setting = {
  serverPath: 'smartsim.server.path',
  redisaiPath: 'smartsim.ai.redisaiPath',
} as const;
