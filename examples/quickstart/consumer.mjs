// Follows the simulation through the orchestrator: reads each frame, checks that its bytes are those that were
// published, prints one line about it and keeps a summary in the orchestrator.
//
//   node consumer.mjs --patience 15
//
// --patience: seconds without a new frame after which the simulation is taken for dead.
// Ends with 0 when the simulation has finished and every frame was right, 1 if not, 2 if it was called wrongly,
// 143 if stopped.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FrameError, keysOf, ownKeys, questionsOfFrame, readFrame, source } from './frames.mjs';
import { connectOrchestrator, LinkError } from './orchestratorLink.mjs';
import { describeFrame, statisticsOf } from './statistics.mjs';

/** Milliseconds between two looks for new frames: quick for the eye, nothing for the orchestrator. */
const lookEvery = 25;

/** Frames at most that are taken in at one look. */
const page = 100;

/** The simulation ended before it had finished. */
class Ended extends Error {}

const stopped = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stopped.abort());

async function follow(patienceMs) {
  const from = source(process.env);
  const theirs = keysOf(from);
  const link = await connectOrchestrator(process.env);
  try {
    const summary = new Summary();
    let run = '';
    let lastNews = performance.now();
    for (;;) {
      if (stopped.signal.aborted) return 143;
      // State and list in one transaction: "finished" with nothing new then means that all was seen.
      const [[id, state], steps] = await link.transaction([
        ['HMGET', theirs('run'), 'id', 'state'],
        ['LRANGE', theirs('frames'), summary.frames, summary.frames + page - 1],
      ]);
      if (id !== null && String(id) !== run) {
        if (run !== '') console.log(`${from || 'The simulation'} has started over.`);
        run = String(id);
        summary.reset();
        continue;
      }
      for (const step of steps) {
        const frame = await fetchFrame(link, theirs, Number(step));
        console.log(summary.add(frame));
        await link.command('HSET', ownKeys(process.env)('summary'), ...summary.fields());
      }
      if (steps.length > 0) {
        lastNews = performance.now();
        continue;
      }
      if (String(state) === 'finished') {
        await link.command('HSET', ownKeys(process.env)('summary'), 'state', 'finished');
        console.log(summary.lastLine(ownKeys(process.env)('summary')));
        return 0;
      }
      if (String(state) === 'stopped') {
        throw new Ended(`The simulation was stopped; frames until then: ${summary.frames}.`);
      }
      if (performance.now() - lastNews > patienceMs) {
        throw new Ended(
          `No new frame from ${from || 'the simulation'} for ${patienceMs / 1000} s ` +
            `(frames so far: ${summary.frames}). It seems to have died: look at its output.`,
        );
      }
      await pause(lookEvery);
    }
  } finally {
    link.close();
  }
}

async function fetchFrame(link, key, step) {
  return readFrame(...(await link.transaction(questionsOfFrame(key, step))));
}

/** What is known after the frames so far. */
class Summary {
  frames = 0;
  #first;
  #last;

  reset() {
    this.frames = 0;
    this.#first = this.#last = undefined;
  }

  /** Takes a frame in; returns the line about it. */
  add(frame) {
    const statistics = statisticsOf(frame.temperature);
    this.frames += 1;
    this.#first ??= statistics;
    this.#last = { ...statistics, step: frame.step };
    return describeFrame(frame, statistics, this.#energyLeft());
  }

  /** As the fields of a Redis hash. */
  fields() {
    const { step, min, max, mean, energy } = this.#last;
    const shown = { state: 'running', frames: this.frames, step, min, max, mean, energy };
    return Object.entries({ ...shown, energy_left: this.#energyLeft() }).flat();
  }

  lastLine(key) {
    const left = (this.#energyLeft() * 100).toFixed(1);
    return `${this.frames} frames, every one as published; ${left} % of the energy is left. Saved as ${key}.`;
  }

  #energyLeft() {
    return this.#last.energy / this.#first.energy;
  }
}

function readPatience() {
  const { values } = parseArgs({ options: { patience: { type: 'string', default: '15' } } });
  const seconds = Number(values.patience);
  if (!(seconds > 0)) throw new RangeError('--patience must be a number of seconds above 0');
  return seconds * 1000;
}

let patienceMs;
try {
  patienceMs = readPatience();
} catch (error) {
  console.error(`consumer: ${error.message}`);
  process.exitCode = 2;
}
if (patienceMs) {
  try {
    process.exitCode = await follow(patienceMs);
  } catch (error) {
    const expected = [LinkError, FrameError, Ended].some((kind) => error instanceof kind);
    console.error(`consumer: ${expected ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}
