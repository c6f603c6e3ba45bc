/** Longer words are not compared: nobody misspells them by accident, and the cost grows with the square. */
const longestCompared = 40;

/** More words are not looked through, for the same reason. */
const mostCompared = 500;

/** The known word that was probably meant: the closest one, if it is close. */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  if (word.length > longestCompared) return undefined;
  const meant = fold(word);
  const limit = meant.length <= 3 ? 1 : meant.length <= 8 ? 2 : 3;
  let closest: string | undefined;
  let smallest = limit + 1;
  for (const candidate of known.slice(0, mostCompared)) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(meant, fold(candidate));
    // A word of two letters is not a misspelling of any other word of two letters.
    if (distance < smallest && distance < Math.max(meant.length, candidate.length)) {
      smallest = distance;
      closest = candidate;
    }
  }
  return closest;
}

/** `Exe-Args` means `exe_args`. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[-\s]/g, '_');
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = at(previous, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped =
        from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? at(beforePrevious, column - 2) + 1
          : Infinity;
      current.push(Math.min(at(previous, column) + 1, at(current, column - 1) + 1, replaced, swapped));
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
