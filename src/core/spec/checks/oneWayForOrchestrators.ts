import type { Check } from './check';

/** `orchestrator` and `orchestrators` are two ways of saying one thing. */
export const oneWayForOrchestrators: Check = (file, report) => {
  if (file.orchestrator !== undefined && file.orchestrators !== undefined) {
    report('orchestrator-and-orchestrators', ['orchestrators'], {}, 'key');
  }
};
