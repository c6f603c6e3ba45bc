import type { DocumentPath } from '../../base/problem';
import { launchableEntries, orchestratorEntries } from '../entries';
import type { ModelSection, OrchestratorSection } from '../experimentFile';
import type { Check } from './check';

/**
 * What the format describes and this version does not execute. It is refused at its place, never
 * ignored; each later version takes its part out of this file.
 */
export const notSupportedYet: Check = (file, report) => {
  const refuse = (path: DocumentPath, what: string, part: 'key' | 'value' = 'key'): void => {
    report('not-supported-yet', path, { what }, part);
  };
  const { launcher = 'local' } = file;
  if (launcher !== 'local' && launcher !== 'auto') refuse(['launcher'], `The launcher ${launcher}`, 'value');
  if (file.environment !== undefined) refuse(['environment'], 'A saved environment');
  if (isSet(file.ensembles)) refuse(['ensembles'], 'An ensemble');

  for (const { path, section } of orchestratorEntries(file)) {
    if (section.engine === 'keydb') refuse([...path, 'engine'], 'KeyDB', 'value');
    if (typeof section.ai === 'object' && isSet(section.ai.python))
      refuse([...path, 'ai', 'python'], 'An interpreter of AI models');
    for (const [key, what] of orchestratorKeys) if (isSet(section[key])) refuse([...path, key], what);
    if (isSet(section.run_command) && section.run_command !== 'auto') {
      refuse([...path, 'run_command'], 'A run command of an orchestrator');
    }
  }
  for (const { kind, path, section } of launchableEntries(file)) {
    if (kind === 'ensemble') continue;
    for (const [key, what] of modelKeys) if (isSet(section[key])) refuse([...path, key], what);
    if (isSet(section.files?.to_configure)) {
      refuse([...path, 'files', 'to_configure'], 'Filling parameters into files');
    }
    if (section.files?.tag !== undefined) refuse([...path, 'files', 'tag'], 'A tag of parameters');
    if (section.run_settings.alloc !== undefined) refuse([...path, 'run_settings', 'alloc'], 'An allocation');
  }
};

const orchestratorKeys: readonly (readonly [keyof OrchestratorSection, string])[] = [
  ['path', 'A working directory of an orchestrator'],
  ['run_args', 'A run command of an orchestrator'],
  ['single_cmd', 'One command for all shards'],
  ['hosts', 'Choosing the hosts of an orchestrator'],
  ['cpus_per_shard', 'Giving CPUs to shards'],
  ['gpus_per_shard', 'Giving GPUs to shards'],
  ['alloc', 'An allocation'],
  ['batch', 'A batch job'],
  ['account', 'A batch job'],
  ['time', 'A batch job'],
  ['queue', 'A batch job'],
  ['batch_args', 'A batch job'],
];

const modelKeys: readonly (readonly [keyof ModelSection, string])[] = [
  ['batch_settings', 'A batch job'],
  ['params', 'Filling parameters into files'],
  ['ml_models', 'Storing AI models'],
  ['scripts', 'Storing scripts'],
  ['colocated_db', 'A co-located database'],
];

/** An empty list or map asks for nothing. */
function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined;
}
