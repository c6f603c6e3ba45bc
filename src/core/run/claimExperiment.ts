import { setTimeout as delay } from 'node:timers/promises';
import { problem, type Problem } from '../base/problem';
import { marksNow } from '../launch/marksNow';
import { stateOfProcess } from '../launch/processIdentity';
import { livingInWords, runFromJournal } from './runFromJournal';
import type { RunIndex } from './runIndex';
import type { RunRecord } from './runRecord';
import { SupervisorClient } from './supervisorClient';

/** Between two looks at another launch of the same file, in milliseconds: each is twice as long as the one before. */
const firstDelay = 5;
const longestDelay = 500;
/** For how long another launch may neither begin nor give up, in milliseconds: it takes as many as tens, unless it was stopped. */
const startLimit = 30_000;

/**
 * Makes sure that an experiment file has one live run. The record of the new run must be in the
 * index already: every launch shows itself first and looks around then, so of two that start at
 * the same moment at least one sees the other; the one with the smaller id goes on. A problem
 * means that this launch must withdraw its record.
 */
export async function claimExperiment(
  index: RunIndex,
  own: RunRecord,
  signal?: AbortSignal,
  limit = startLimit,
): Promise<Problem | undefined> {
  const deadline = performance.now() + limit;
  for (let pause = firstDelay; ; pause = Math.min(2 * pause, longestDelay)) {
    const records = await index.list();
    if (!records.ok) return records.problems[0];
    const others = records.value.filter(({ file, id }) => file === own.file && id !== own.id);
    const states = await Promise.all(
      others.map(async (other) => ({ other, state: await stateOfRun(other) })),
    );
    const elsewhere = states.find(({ state }) => state === 'elsewhere');
    if (elsewhere !== undefined) {
      const { experiment, id, host, runDirectory } = elsewhere.other;
      return problem('run-live-elsewhere', { experiment, id, host, directory: runDirectory });
    }
    const leftOver = states.find(({ state }) => typeof state === 'object');
    if (leftOver !== undefined && typeof leftOver.state === 'object') {
      const { experiment, id } = leftOver.other;
      const { processes } = leftOver.state;
      return problem('run-left-over', { experiment, id, processes }, { place: { file: own.file } });
    }
    const stronger = states.find(
      ({ other, state }) => state === 'live' || (state === 'starting' && other.id < own.id),
    );
    if (stronger !== undefined) {
      const { experiment, id } = stronger.other;
      return problem('run-already-live', { experiment, id }, { place: { file: own.file } });
    }
    // A weaker one either withdraws, or had looked before we showed ourselves and becomes live.
    const weaker = states.find(({ state }) => state === 'starting');
    if (weaker === undefined) return undefined;
    if (performance.now() > deadline) return heldUp(weaker.other, limit);
    if (await aborted(pause, signal)) return problem('launch-cancelled');
  }
}

/** Another launch that was shown later, and does not go on: as a rule its process was stopped. */
function heldUp({ experiment, id, file, starter }: RunRecord, limit: number): Problem {
  const args = { experiment, id, pid: starter?.pid ?? '', seconds: limit / 1000 };
  return problem('launch-held-up', args, { place: { file } });
}

/** Waits for so many milliseconds; true: it was cancelled. */
async function aborted(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  return signal?.aborted === true;
}

type StateOfRun = 'over' | 'starting' | 'live' | 'elsewhere' | { readonly processes: string };

/** `starting`: shown, but no supervisor has taken it over yet. `processes`: without a supervisor they still run. */
async function stateOfRun(record: RunRecord): Promise<StateOfRun> {
  const recorded = await runFromJournal(record.runDirectory, record.starter);
  if (!recorded.ok) return stateOfUnreadable(record);
  const { endedAt, cause, supervisor } = recorded.value;
  if (endedAt !== undefined) return 'over';
  switch (cause?.code) {
    case 'run-on-another-host':
      return 'elsewhere';
    case 'supervisor-lost':
      return { processes: String(cause.args['processes']) };
    case 'run-lost':
      // Nothing of it lives; its record gets its end. Whoever hinders that does the same, or is dealt with by `ssw down`.
      await (await import('./endLostRun')).endLostRun(record, false);
      return 'over';
    default:
      return supervisor === undefined ? 'starting' : 'live';
  }
}

/** All that can be asked when its journal was damaged or removed. */
async function stateOfUnreadable({ id, socket, starter }: RunRecord): Promise<StateOfRun> {
  if (await answers(socket)) return 'live';
  if (starter !== undefined && stateOfProcess(starter) === 'elsewhere') return 'elsewhere';
  const processes = livingInWords({ orchestrators: [], models: [] }, await marksNow(id));
  return processes === '' ? 'over' : { processes };
}

/** Whether a supervisor listens there. */
async function answers(socket: string | undefined): Promise<boolean> {
  const client = socket === undefined ? undefined : await SupervisorClient.connect(socket);
  client?.dispose();
  return client !== undefined;
}
