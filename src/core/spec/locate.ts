import type { DocumentPath, Range } from '../base/problem';
import { nodeAt, type ExperimentDocument } from './experimentDocument';
import type { Span } from './lineTable';

/**
 * Where the value at a path stands. A value of several lines is shown by its key, or by its first
 * line where it has none; a path that the document lacks by its nearest parent.
 */
export function locate(document: ExperimentDocument, path: DocumentPath): Range {
  return document.lines.rangeOf(spanAt(document, path));
}

/** Where the last key of a path stands; undefined where there is no such key. */
export function locateKey(document: ExperimentDocument, path: DocumentPath): Range | undefined {
  const span = keySpanAt(document, path);
  return span === undefined ? undefined : document.lines.rangeOf(span);
}

function spanAt(document: ExperimentDocument, path: DocumentPath): Span {
  const node = nodeAt(document, path);
  if (node === undefined) {
    return path.length === 0
      ? document.lines.firstLineOf([0, document.text.length])
      : parentSpan(document, path);
  }
  const firstLine = document.lines.firstLineOf(node.span);
  const key = keySpanAt(document, path);
  const fits = node.span[1] > node.span[0] && firstLine[1] === node.span[1];
  if (fits) return node.span;
  return key ?? firstLine;
}

function parentSpan(document: ExperimentDocument, path: DocumentPath): Span {
  const parent = path.slice(0, -1);
  return keySpanAt(document, parent) ?? spanAt(document, parent);
}

function keySpanAt(document: ExperimentDocument, path: DocumentPath): Span | undefined {
  const key = path.at(-1);
  if (key === undefined) return undefined;
  const parent = nodeAt(document, path.slice(0, -1));
  return parent?.kind === 'mapping' ? parent.entries.get(String(key))?.keySpan : undefined;
}
