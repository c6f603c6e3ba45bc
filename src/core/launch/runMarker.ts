import type { Environment } from '../base/userDirectories';

const runVariable = 'SSW_RUN_ID';
const entityVariable = 'SSW_ENTITY';

/** What every process of a run carries in its environment, so that it can be recognised without a record. */
export function marker(runId: string, entity?: string): Record<string, string> {
  return { [runVariable]: runId, ...(entity === undefined ? {} : { [entityVariable]: entity }) };
}

/**
 * The marker that an environment carries (`NAME=value` entries); undefined: not of this run. One
 * without an entity is a supervisor's, or that of a child between its fork and its program.
 */
export function markOf(entries: readonly string[], runId: string): { readonly entity?: string } | undefined {
  if (!entries.includes(`${runVariable}=${runId}`)) return undefined;
  const entity = entries.find((entry) => entry.startsWith(`${entityVariable}=`));
  return entity === undefined ? {} : { entity: entity.slice(entityVariable.length + 1) };
}

/** The run whose marker an environment carries. */
export function markedRun(entries: readonly string[]): string | undefined {
  return entries.find((entry) => entry.startsWith(`${runVariable}=`))?.slice(runVariable.length + 1);
}

/**
 * The environment that a launch hands on: where it was asked for, without what VS Code adds for its
 * own processes, and without the marker of a run that this one may have been launched from.
 */
export function launchEnvironment(environment: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const ours = name === runVariable || name === entityVariable;
    if (value === undefined || ours || name === 'ELECTRON_RUN_AS_NODE' || name.startsWith('VSCODE_'))
      continue;
    kept[name] = value;
  }
  return kept;
}
