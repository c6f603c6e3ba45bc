/** Short texts of which few come again and again, such as the names of types: they are made of their bytes once. */
export class KnownTexts {
  private readonly texts = new Array<string>(places).fill('');

  /** The bytes from `from` to `to`, as UTF-8. */
  textOf(bytes: Uint8Array, from: number, to: number): string {
    const place = (to - from + 3 * (bytes[from] ?? 0) + 5 * (bytes[to - 1] ?? 0)) % places;
    const known = this.texts[place] ?? '';
    if (isSame(known, bytes, from, to)) return known;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
    if (text.length <= longestKept) this.texts[place] = text;
    return text;
  }
}

const places = 64;
/** Characters. */
const longestKept = 64;

/** Never of a text beyond ASCII: that one has fewer characters than bytes, or others. */
function isSame(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}
