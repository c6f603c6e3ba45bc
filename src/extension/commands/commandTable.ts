import { commandId, type CommandId } from '../contributions';
import { buildEngine } from './buildEngine';
import { copySsdb } from './copySsdb';
import { installDatabaseServer } from './installDatabaseServer';
import { chooseDatabase } from './keys/chooseDatabase';
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
  [commandId.chooseDatabase]: chooseDatabase,
  [commandId.loadMoreKeys]: loadMoreKeys,
  [commandId.refresh]: refresh,
  [commandId.showLog]: showLog,
};
