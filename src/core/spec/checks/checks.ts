import { acyclicDependencies } from './acyclicDependencies';
import type { Check } from './check';
import { clusterPorts } from './clusterPorts';
import { distinctPorts } from './distinctPorts';
import { incomingHasPrefix } from './incomingHasPrefix';
import { knownReferences } from './knownReferences';
import { noHomeShorthand } from './noHomeShorthand';
import { noNulCharacters } from './noNulCharacters';
import { notSupportedYet } from './notSupportedYet';
import { oneWayForOrchestrators } from './oneWayForOrchestrators';
import { runArgsHaveCommand } from './runArgsHaveCommand';
import { shardCounts } from './shardCounts';
import { somethingToLaunch } from './somethingToLaunch';
import { uniqueNames } from './uniqueNames';
import { validConf } from './validConf';
import { validEnvVars } from './validEnvVars';
import { validIdentifiers } from './validIdentifiers';
import { validMaxMemory } from './validMaxMemory';
import { validNames } from './validNames';
import { validUnixSockets } from './validUnixSockets';

/** All rules beyond the schema. */
export const checks: readonly Check[] = [
  somethingToLaunch,
  validNames,
  validIdentifiers,
  uniqueNames,
  oneWayForOrchestrators,
  knownReferences,
  acyclicDependencies,
  incomingHasPrefix,
  noNulCharacters,
  noHomeShorthand,
  validEnvVars,
  runArgsHaveCommand,
  validConf,
  validMaxMemory,
  shardCounts,
  clusterPorts,
  distinctPorts,
  validUnixSockets,
  notSupportedYet,
];
