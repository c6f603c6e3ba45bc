import { problem, severityOf, type Position, type Problem } from '../base/problem';

/** Most problems of one file that are told: a file with more has one reason for most of them. */
export const maximumProblems = 100;

/** In the order of the text, each once, and not too many. */
export function sortAndCap(problems: readonly Problem[]): readonly Problem[] {
  const unique = [...new Map(problems.map((found) => [identityOf(found), found])).values()].sort(inOrder);
  if (unique.length <= maximumProblems) return unique;
  // Warnings make room for errors.
  const kept = unique
    .sort((one, other) => weight(one) - weight(other))
    .slice(0, maximumProblems)
    .sort(inOrder);
  const place = kept.at(-1)?.place;
  return [
    ...kept,
    problem('too-many-problems', { hidden: unique.length - maximumProblems }, place && { place }),
  ];
}

function identityOf({ code, args, place }: Problem): string {
  return JSON.stringify([code, place?.range, args]);
}

function inOrder(one: Problem, other: Problem): number {
  return compare(startOf(one), startOf(other));
}

function startOf({ place }: Problem): Position {
  return place?.range?.start ?? { line: 0, character: 0 };
}

function compare(one: Position, other: Position): number {
  return one.line - other.line || one.character - other.character;
}

function weight(found: Problem): number {
  return severityOf(found) === 'error' ? 0 : 1;
}
