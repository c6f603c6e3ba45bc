import { leftovers } from '../oracle/leftovers.mjs';

/** Numbers of the living processes that carry the marker of a run, as the independent checker finds them. */
export function leftoversOf(runId: string): readonly number[] {
  return leftovers({ runId }).processes.map(({ pid }) => pid);
}
