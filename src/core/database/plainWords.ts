/** What a server said, so that it can be shown: a line, not too long, in which nothing is hidden and nothing turns the line round. */
export function plainWords(said: string): string {
  const shown = said.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}

const longest = 300;
