import type { LogOutputChannel } from 'vscode';
import type { Problem } from '../../core/base/problem';
import type { HeavyCore } from '../bridge/heavyCore';
import type { KeyParts } from '../keyComposition';
import type { PlanDocuments } from '../language/planDocuments';
import type { ExperimentStore } from '../state/experimentStore';
import type { RunStore } from '../state/runStore';
import type { ServerAvailability } from '../state/serverAvailability';
import type { Subject } from '../views/viewNode';
import type { Wording } from '../wording/wording';

/** What commands act upon; made once by the composition. */
export interface Workbench {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly serverAvailability: ServerAvailability;
  readonly planDocuments: PlanDocuments;
  readonly keys: KeyParts;
  /** What the selected row of the Experiments view is about. */
  readonly selectedExperiment: () => Subject | undefined;
  readonly core: HeavyCore;
  readonly log: LogOutputChannel;
  readonly wording: Wording;
}

/**
 * What happens when a command is invoked, on a row of a view, a file, or nothing in particular.
 * The answer is what went wrong: `runCommand` shows it.
 */
export type Command = (
  workbench: Workbench,
  target: unknown,
  /** All rows that are selected, where the view lets several be selected. */
  selected?: unknown,
) => Promise<readonly Problem[]>;

/** Everything went well, or the user changed their mind. */
export const done: readonly Problem[] = [];
