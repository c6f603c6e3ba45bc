import { problem, type Problem } from '../base/problem';
import { RedisRefusal, type RedisFailure } from '../redis/redisFailure';
import type { Reply } from '../redis/wire/reply';
import { missingRight, reasonOf } from './refusal';
import { visibleLine, visibleWord } from './texts/visibleText';

/** The problem behind an answer that shows nothing. */
export function unanswered(key: Uint8Array, command: string, reply: Reply): Problem {
  if (reply instanceof RedisRefusal) return refusedProblem(key, reply, command);
  return problem('value-refused', { key: visibleLine(key), reply: `${command} gave no value` });
}

/** The problem behind what a server said instead of an answer to `command`. */
export function refusedProblem(key: Uint8Array, error: RedisFailure, command: string): Problem {
  const name = visibleLine(key);
  const reason = error instanceof RedisRefusal ? reasonOf(error) : 'other';
  if (reason === 'gone') return goneProblem(key);
  if (reason === 'otherKind') return problem('value-changed', { key: name });
  if (reason === 'right' && error instanceof RedisRefusal)
    return problem('value-right-missing', { key: name, right: missingRight(error, command) });
  const reply = visibleWord(error.message);
  return problem(reason === 'elsewhere' ? 'value-between-shards' : 'value-refused', { key: name, reply });
}

export function goneProblem(key: Uint8Array): Problem {
  return problem('value-gone', { key: visibleLine(key) });
}
