import { problem, type Problem } from '../base/problem';
import { displayKey } from '../redis/displayKey';

/** A tensor was replaced between two commands. */
export class TensorChanged extends Error {}

/** Bytes of what is read in one reply, and in memory as a whole, where a server gives whole tensors alone. */
export const mostOfWhole = 256 * 1024 ** 2;

/** The server gives whole tensors alone, as RedisAI does, and this one has more than `mostOfWhole`: `bytes`. */
export class TensorWholeOnly extends Error {
  constructor(readonly bytes: number) {
    super(`${bytes} bytes, whole or not at all`);
  }
}

/** The problem behind what reading a tensor has thrown; what is none of the above is thrown on. */
export function readProblem(error: unknown, key: Uint8Array): Problem {
  if (error instanceof TensorChanged) return problem('tensor-changed', { key: displayKey(key) });
  if (!(error instanceof TensorWholeOnly)) throw error;
  const { bytes } = error;
  return problem('tensor-whole-only', { key: displayKey(key), bytes, limit: mostOfWhole });
}
