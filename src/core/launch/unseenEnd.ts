import { problem } from '../base/problem';
import type { RecordedExit } from './startProcess';

/**
 * The end of a process whose parent was killed: the system tells its return code to nobody. Where we had asked for
 * the end, that is cause enough.
 */
export function unseenEnd(name: string, requested: boolean): RecordedExit {
  const exit = { returnCode: null, signal: null, requested };
  return requested ? exit : { ...exit, cause: problem('end-unseen', { name }) };
}
