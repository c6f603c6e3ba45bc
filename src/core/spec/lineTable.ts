import type { Position, Range } from '../base/problem';

/** Start and end in a text, in UTF-16 units, end exclusive. */
export type Span = readonly [start: number, end: number];

/** Finds line and character of an offset. Lines end as the editor ends them: LF, CR LF or CR. */
export class LineTable {
  private readonly starts: number[] = [0];
  /** Where the text of each line ends, before what separates it from the next. */
  private readonly ends: number[] = [];

  constructor(private readonly text: string) {
    for (const { index, 0: separator } of text.matchAll(/\r\n|\r|\n/g)) {
      this.ends.push(index);
      this.starts.push(index + separator.length);
    }
    this.ends.push(text.length);
  }

  /** Offsets outside the text count as its nearest end, offsets inside CR LF as the end of the line. */
  positionAt(offset: number): Position {
    const inside = Math.min(Math.max(offset, 0), this.text.length);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.startOf(middle) <= inside) low = middle;
      else high = middle - 1;
    }
    const end = this.ends[low] ?? this.text.length;
    return { line: low, character: Math.min(inside, end) - this.startOf(low) };
  }

  rangeOf([start, end]: Span): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** The part of the span that lies on its first line, without white space behind it. */
  firstLineOf([start, end]: Span): Span {
    const firstLine = /^[^\r\n]*/.exec(this.text.slice(start, end))?.[0] ?? '';
    return [start, start + (firstLine.trimEnd().length || firstLine.length)];
  }

  private startOf(line: number): number {
    return this.starts[line] ?? 0;
  }
}
