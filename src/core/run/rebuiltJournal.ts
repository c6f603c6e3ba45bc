import { linkSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../base/problem';
import { failure, type Result } from '../base/result';
import type { RecordedEvent, RunEvent } from '../deployment/runEvents';
import { fileProblem, systemErrorCode } from '../launch/fileProblem';
import type { ProcessIdentity } from '../launch/launchEvents';
import { stateOfProcess } from '../launch/processIdentity';
import { markedProcesses } from '../launch/markedProcesses';
import type { DeploymentPlan, ModelPlan } from '../plan/deploymentPlan';
import { journalName, journalText, readJournal, readableEvents, type JournalContent } from './journal';
import type { RunRecord } from './runRecord';

/**
 * The events of a run whose journal cannot be read: they hold what lives of the run, found by the lines that can be read
 * and by the run's marker. `cause`: why it could not be read.
 */
export function rebuiltEvents(record: RunRecord, cause: Problem): readonly RecordedEvent[] {
  const living = livingOf(record.id, readableEvents(bytesOf(path.join(record.runDirectory, journalName))));
  const events: readonly RunEvent[] = [
    { type: 'run-planned', plan: planOf(record, [...living.keys()]) },
    ...[...living].map(([name, identity]) => startOf(name, identity)),
    { type: 'launch-failed', cause },
  ];
  const at = Date.now();
  return events.map((event, index) => ({ sequence: index + 1, at, elapsedMs: 0, event }));
}

/** Puts a journal with these events in the place of a damaged one, which is kept beside it, as `journal.damaged.N.jsonl`. */
export async function replacedJournal(
  runDirectory: string,
  events: readonly RecordedEvent[],
): Promise<Result<JournalContent>> {
  const file = path.join(runDirectory, journalName);
  try {
    writeFileSync(`${file}.new`, journalText(events), { mode: 0o600 });
    keepAside(file);
    renameSync(`${file}.new`, file);
  } catch (error) {
    return failure(fileProblem(error, file));
  }
  return readJournal(runDirectory);
}

/** None of a file that was removed or cannot be read at all. */
function bytesOf(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return new Uint8Array();
  }
}

function livingOf(runId: string, events: readonly RecordedEvent[]): ReadonlyMap<string, ProcessIdentity> {
  const living = new Map<string, ProcessIdentity>();
  for (const { event } of events) {
    if (event.type !== 'process-started' || stateOfProcess(event.identity) !== 'alive') continue;
    living.set(event.entity.name, event.identity);
  }
  for (const { entity, leads, identity } of markedProcesses(runId)) {
    if (entity !== undefined && leads && !living.has(entity)) living.set(entity, identity);
  }
  return living;
}

/** What was a server cannot be told any more from what was a model; both end at SIGTERM. */
function startOf(name: string, identity: ProcessIdentity): RunEvent {
  return { type: 'process-started', entity: { kind: 'model', name }, identity };
}

function planOf(record: RunRecord, names: readonly string[]): DeploymentPlan {
  const { id, experiment, file, runDirectory, host } = record;
  const model = (name: string): ModelPlan => ({
    at: [],
    name,
    directory: runDirectory,
    argv: [],
    environment: {},
    dependsOn: [],
    stage: [],
    out: path.join(runDirectory, 'logs', `${name}.out`),
    err: path.join(runDirectory, 'logs', `${name}.err`),
  });
  return {
    version: 1,
    runId: id,
    experiment,
    file,
    directory: path.dirname(file),
    runDirectory,
    host,
    orchestrators: [],
    models: names.map(model),
  };
}

/** By a second name, so that no moment is without the file and none before it is written over. */
function keepAside(file: string): void {
  for (let number = 1; ; number += 1) {
    try {
      linkSync(file, path.join(path.dirname(file), `journal.damaged.${number}.jsonl`));
      return;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    }
  }
}
