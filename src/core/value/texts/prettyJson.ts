/** Deeper values are not laid out: each step would make every line longer. */
const deepest = 20;

/**
 * Valid JSON laid out in lines; undefined: it is none. Names and values stay as they were written, character by character: numbers
 * keep their digits, and names that come twice stay. What cannot be seen is escaped, as JSON does.
 */
export function prettyJson(bytes: Uint8Array): string | undefined {
  const written = jsonIn(bytes);
  if (written === undefined) return undefined;
  let text = '';
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(Math.min(depth, deepest))}`;
  const tokens = written.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) ?? [];
  for (const [at, token] of tokens.entries()) {
    if (isStart(token)) {
      depth += 1;
      text += token;
      if (!isEnd(tokens[at + 1])) text += line();
    } else if (isEnd(token)) {
      depth -= 1;
      text += isStart(tokens[at - 1]) ? token : line() + token;
    } else if (token === ',') text += token + line();
    else if (token === ':') text += ': ';
    else text += isText(token) ? escaped(token) : token;
  }
  return `${text}\n`;
}

function jsonIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

function isEnd(token: string | undefined): boolean {
  return token === '}' || token === ']';
}

function isStart(token: string | undefined): boolean {
  return token === '{' || token === '[';
}

function isText(token: string | undefined): boolean {
  return token?.startsWith('"') === true;
}

/** Characters that would move, hide or reorder what is around them. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/** In JSON `\u202e` stands for the character. */
function escaped(text: string): string {
  return text.replace(hidden, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
