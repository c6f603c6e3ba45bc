// Computes how a hot spot spreads in a plate and publishes the field after every few steps.
//
//   node simulation.mjs --steps 2000 --every 20 --pace 250 --size 64 --walls cold
//
// --pace: milliseconds between frames, so that a person can watch; 0 is as fast as it goes.
// Ends with 0 when all steps are done, 1 if the orchestrator is lost, 2 if it was called wrongly, 143 if stopped.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { endCommands, frameCommands, ownKeys, startCommands } from './frames.mjs';
import { addHotSpot, advance, createPlate, timeOf } from './heatEquation.mjs';
import { connectOrchestrator, LinkError } from './orchestratorLink.mjs';

const stopped = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stopped.abort());

async function simulate({ steps, every, pace, size, walls }) {
  const key = ownKeys(process.env);
  const link = await connectOrchestrator(process.env);
  try {
    const plate = createPlate({ size, walls });
    addHotSpot(plate);
    const publish = async () => {
      await link.transaction(frameCommands(key, { ...plate, time: timeOf(plate) }));
      console.log(`step ${plate.step} of ${steps}, t = ${timeOf(plate).toFixed(4)}: published`);
    };

    await link.transaction(startCommands(key, randomUUID()));
    await publish();
    while (plate.step < steps) {
      await untilNextFrame(pace);
      if (stopped.signal.aborted) break;
      advance(plate, Math.min(every, steps - plate.step));
      await publish();
    }

    const finished = plate.step >= steps;
    await link.transaction(endCommands(key, finished ? 'finished' : 'stopped'));
    console.log(finished ? 'finished' : `stopped at step ${plate.step}`);
    return finished ? 0 : 143;
  } finally {
    link.close();
  }
}

async function untilNextFrame(milliseconds) {
  if (milliseconds === 0) return;
  // Being stopped cuts the pause short; it is no failure.
  await pause(milliseconds, undefined, { signal: stopped.signal }).catch(() => undefined);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      steps: { type: 'string', default: '2000' },
      every: { type: 'string', default: '20' },
      pace: { type: 'string', default: '250' },
      size: { type: 'string', default: '64' },
      walls: { type: 'string', default: 'cold' },
    },
  });
  if (values.walls !== 'cold' && values.walls !== 'insulated') {
    throw new RangeError('--walls must be cold or insulated');
  }
  return {
    steps: wholeNumber('steps', values.steps, 1),
    every: wholeNumber('every', values.every, 1),
    pace: wholeNumber('pace', values.pace, 0),
    size: wholeNumber('size', values.size, 2),
    walls: values.walls,
  };
}

function wholeNumber(name, text, least) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(
      `--${name} must be a whole number of at least ${least}; it is ${JSON.stringify(text)}`,
    );
  }
  return value;
}

let options;
try {
  options = readOptions();
} catch (error) {
  console.error(`simulation: ${error.message}`);
  process.exitCode = 2;
}
if (options) {
  try {
    process.exitCode = await simulate(options);
  } catch (error) {
    console.error(`simulation: ${error instanceof LinkError ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}
