import { commandId, type CommandId } from '../contributions';
import { buildEngine } from './buildEngine';
import { attachFromEnvironment } from './connections/attachFromEnvironment';
import { connectDatabase } from './connections/connectDatabase';
import { disconnectDatabase } from './connections/disconnectDatabase';
import { forgetConnection } from './connections/forgetConnection';
import { lockDatabase, unlockDatabase } from './connections/unlockDatabase';
import { copySsdb } from './copySsdb';
import { installDatabaseServer } from './installDatabaseServer';
import { chooseDatabase } from './keys/chooseDatabase';
import { copyCCode, copyCppCode, copyFortranCode, copyPythonCode } from './keys/copyCode';
import { copyKey } from './keys/copyKey';
import { deleteKeys } from './keys/deleteKeys';
import { clearKeyFilter, filterKeys, filterKeysByKind } from './keys/filterKeys';
import { goToKey } from './keys/goToKey';
import { openKey } from './keys/openKey';
import { renameKey } from './keys/renameKey';
import { rescanKeys, scanFaster, scanKindly } from './keys/scanKeys';
import { sortKeys } from './keys/sortKeys';
import { setKeyExpiry } from './keys/setKeyExpiry';
import { refreshKey, showSlice, viewKeyAs } from './keys/viewKeyAs';
import { loadMoreKeys } from './keys/loadMoreKeys';
import { showKeys } from './keys/showKeys';
import { launchExperiment } from './launchExperiment';
import { launchSelected } from './launchSelected';
import { newExperiment } from './newExperiment';
import { openExperiment } from './openExperiment';
import { openErrorOutput, openOutput } from './openOutput';
import { refresh } from './refresh';
import { repairCluster } from './repairCluster';
import { restartModel, restartShard } from './restart';
import { revealInFile } from './revealInFile';
import { showLog } from './showLog';
import { showPlan } from './showPlan';
import { stopExperiment } from './stopExperiment';
import { takeOver } from './takeOver';
import type { Command } from './workbench';

/** Every command, by its id; does not compile when one is missing. */
export const commandTable: Readonly<Record<CommandId, Command>> = {
  [commandId.launchExperiment]: launchExperiment,
  [commandId.launchSelected]: launchSelected,
  [commandId.stopExperiment]: stopExperiment,
  [commandId.takeOver]: takeOver,
  [commandId.restartModel]: restartModel,
  [commandId.restartShard]: restartShard,
  [commandId.repairCluster]: repairCluster,
  [commandId.newExperiment]: newExperiment,
  [commandId.openExperiment]: openExperiment,
  [commandId.showPlan]: showPlan,
  [commandId.openOutput]: openOutput,
  [commandId.openErrorOutput]: openErrorOutput,
  [commandId.revealInFile]: revealInFile,
  [commandId.copySsdb]: copySsdb,
  [commandId.installDatabaseServer]: installDatabaseServer,
  [commandId.buildEngine]: buildEngine,
  [commandId.showKeys]: showKeys,
  [commandId.connectDatabase]: connectDatabase,
  [commandId.disconnectDatabase]: disconnectDatabase,
  [commandId.forgetConnection]: forgetConnection,
  [commandId.attachFromEnvironment]: attachFromEnvironment,
  [commandId.unlockDatabase]: unlockDatabase,
  [commandId.lockDatabase]: lockDatabase,
  [commandId.chooseDatabase]: chooseDatabase,
  [commandId.loadMoreKeys]: loadMoreKeys,
  [commandId.openKey]: openKey,
  [commandId.viewKeyAs]: viewKeyAs,
  [commandId.showSlice]: showSlice,
  [commandId.refreshKey]: refreshKey,
  [commandId.goToKey]: goToKey,
  [commandId.filterKeys]: filterKeys,
  [commandId.filterKeysByKind]: filterKeysByKind,
  [commandId.clearKeyFilter]: clearKeyFilter,
  [commandId.sortKeys]: sortKeys,
  [commandId.scanFaster]: scanFaster,
  [commandId.scanKindly]: scanKindly,
  [commandId.rescanKeys]: rescanKeys,
  [commandId.copyKey]: copyKey,
  [commandId.copyPythonCode]: copyPythonCode,
  [commandId.copyCppCode]: copyCppCode,
  [commandId.copyCCode]: copyCCode,
  [commandId.copyFortranCode]: copyFortranCode,
  [commandId.renameKey]: renameKey,
  [commandId.setKeyExpiry]: setKeyExpiry,
  [commandId.deleteKeys]: deleteKeys,
  [commandId.deleteFolder]: deleteKeys,
  [commandId.refresh]: refresh,
  [commandId.showLog]: showLog,
};
