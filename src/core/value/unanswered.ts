import { problem, type Problem } from '../base/problem';
import type { ProblemCode } from '../base/problemCatalogue';
import { displayKey } from '../redis/displayKey';
import { RedisRefusal, UnexpectedReply, type RedisFailure } from '../redis/redisFailure';
import type { Reply } from '../redis/wire/reply';
import { WireFailure } from '../redis/wire/wireFailure';
import { missingRight, reasonOf, type RefusalReason } from './refusal';
import { visibleWord } from './texts/visibleText';

/** The problem behind an answer that shows nothing. */
export function unanswered(key: Uint8Array, command: string, reply: Reply): Problem {
  if (reply instanceof RedisRefusal) return refusedProblem(key, reply, command);
  return problem('value-not-understood', { key: displayKey(key), reply: `${command} gave no value` });
}

/** The problem behind what a server said instead of an answer to `command`. */
export function refusedProblem(key: Uint8Array, error: RedisFailure, command: string): Problem {
  const name = displayKey(key);
  const reason = error instanceof RedisRefusal ? reasonOf(error) : 'other';
  if (reason === 'gone') return goneProblem(key);
  if (reason === 'otherKind') return problem('value-changed', { key: name });
  if (reason === 'right' && error instanceof RedisRefusal)
    return problem('value-right-missing', { key: name, right: missingRight(error, command) });
  return problem(codeOf(error, reason), { key: name, reply: visibleWord(error.message) });
}

function codeOf(error: RedisFailure, reason: RefusalReason): ProblemCode {
  if (error instanceof UnexpectedReply) return 'value-not-understood';
  if (error instanceof WireFailure && error.trouble === 'broken') return 'value-not-understood';
  return reason === 'elsewhere' ? 'value-between-shards' : 'value-refused';
}

export function goneProblem(key: Uint8Array): Problem {
  return problem('value-gone', { key: displayKey(key) });
}
