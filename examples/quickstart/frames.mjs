// What the two programs say to each other: which keys there are, and what stands in them.
//
//   run                hash  id (new with each start), state (running, finished, stopped)
//   frames             list  the step numbers of all frames so far, oldest first
//   frame_<step>       hash  step, time, sha256 of the bytes below
//   temperature_<step> tensor, of type DOUBLE and as many rows as columns
//
// The names get the prefixes of the SmartRedis clients in front: what a program writes starts with $SSKEYOUT
// and a dot, what it reads with $SSKEYIN and a dot. Every SmartRedis client can read the tensors: `get_tensor`.
import { createHash } from 'node:crypto';
import os from 'node:os';

/** A frame that cannot be trusted. */
export class FrameError extends Error {}

/** Puts the prefix of an entity in front of a name; without an entity the name stands alone. */
export function keysOf(entity) {
  return (name) => (entity ? `${entity}.${name}` : name);
}

/** Keys that this program writes. */
export function ownKeys(environment) {
  return keysOf(environment.SSKEYOUT);
}

/** The entity that this program reads from: the first that $SSKEYIN names, as in SmartRedis. */
export function source(environment) {
  return environment.SSKEYIN?.split(',')[0] ?? '';
}

/** Commands that start a run: nothing of an earlier one may be mistaken for it. */
export function startCommands(key, id) {
  return [
    ['DEL', key('frames')],
    ['HSET', key('run'), 'id', id, 'state', 'running'],
  ];
}

/** Commands that publish one frame; sent as one transaction, so that nobody sees half of it. */
export function frameCommands(key, { step, time, size, temperature }) {
  const bytes = toBytes(temperature);
  const facts = { step, time, sha256: digestOf(bytes) };
  return [
    ['AI.TENSORSET', key(`temperature_${step}`), 'DOUBLE', size, size, 'BLOB', bytes],
    ['HSET', key(`frame_${step}`), ...Object.entries(facts).flat()],
    ['RPUSH', key('frames'), step],
  ];
}

export function endCommands(key, state) {
  return [['HSET', key('run'), 'state', state]];
}

/** Commands that ask for one frame; sent as one transaction. */
export function questionsOfFrame(key, step) {
  return [
    ['AI.TENSORGET', key(`temperature_${step}`), 'META', 'BLOB'],
    ['HGETALL', key(`frame_${step}`)],
  ];
}

/**
 * Reads a frame out of the replies to `questionsOfFrame`. Throws a FrameError if it is not the one that the
 * simulation published.
 */
export function readFrame(tensor, flatFacts) {
  if (flatFacts.length === 0) throw new FrameError('The frame is announced but not there.');
  const facts = Object.fromEntries(pairs(flatFacts.map(String)));
  const { dtype, shape, blob: bytes } = Object.fromEntries(pairs(tensor));
  if (String(dtype) !== 'DOUBLE') throw new FrameError(`The frame has type ${dtype}; expected DOUBLE.`);
  if (digestOf(bytes) !== facts.sha256) {
    throw new FrameError(
      `The bytes of step ${facts.step} are not those that were published: the digest differs.`,
    );
  }
  return {
    step: Number(facts.step),
    time: Number(facts.time),
    shape,
    temperature: fromBytes(bytes),
  };
}

export function digestOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function toBytes(values) {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return os.endianness() === 'LE' ? bytes : Buffer.from(bytes).swap64();
}

function fromBytes(bytes) {
  // A copy of its own: the bytes of a reply may lie at an odd place of a larger buffer.
  const own = Buffer.from(Uint8Array.from(bytes).buffer);
  if (os.endianness() === 'BE') own.swap64();
  return new Float64Array(own.buffer, own.byteOffset, own.byteLength / Float64Array.BYTES_PER_ELEMENT);
}

function* pairs(flat) {
  for (let at = 0; at + 1 < flat.length; at += 2) yield [flat[at], flat[at + 1]];
}
