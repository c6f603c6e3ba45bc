import type { ProblemArguments } from '../base/problem';

/** Longest text of the user's that a message repeats, in UTF-16 units. */
const longestShown = 300;

/** Text of the user's as a message can hold it: short, and without control characters. */
export function displayText(text: string): string {
  const short = text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
  return short.replace(/\p{Cc}|\p{Zl}|\p{Zp}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** A problem's arguments as a message can hold them. */
export function displayArguments(args: ProblemArguments): ProblemArguments {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'string' ? displayText(value) : value,
    ]),
  );
}
