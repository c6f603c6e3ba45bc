import type { Problem } from '../../core/base/problem';
import { entryOf } from '../../core/base/problemCatalogue';
import type { Translate } from './wording';

/** What, where and why, in the window's language. */
export function messageText({ code, args }: Problem, t: Translate): string {
  return t(entryOf(code).message, args);
}

/** What to do next, in the window's language; absent where nothing can be advised. */
export function remedyText({ code, args }: Problem, t: Translate): string | undefined {
  const { remedy } = entryOf(code);
  return remedy === undefined ? undefined : t(remedy, args);
}

/** Message and remedy, one a line. */
export function problemLines(found: Problem, t: Translate): readonly string[] {
  const remedy = remedyText(found, t);
  return remedy === undefined ? [messageText(found, t)] : [messageText(found, t), remedy];
}
