import { launchExperiment } from './launchExperiment';
import type { Command } from './workbench';

/** The button in the title of the Experiments view: launches what is selected there, else as from the palette. */
export const launchSelected: Command = (workbench) =>
  launchExperiment(workbench, workbench.selectedExperiment());
