import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import type { ProblemArguments } from '../base/problem';
import type { ProblemCode } from '../base/problemCatalogue';
import type { DocumentNode, MappingEntry, MappingNode, ScalarNode } from './documentNode';
import type { Span } from './lineTable';

/** Deepest nesting that is read; a real file has less than ten levels. */
export const maximumDepth = 100;

/** How many nodes aliases and merge keys may stand for, all together. */
const maximumAliasedNodes = 50_000;

/** Tells of a fault at a place. */
export type Report = (code: ProblemCode, span: Span, args?: ProblemArguments) => void;

/**
 * Turns the YAML library's nodes into ours, in one pass in document order: resolves aliases and
 * merge keys, and finds keys that are used twice. Linear, where the library is quadratic in the
 * keys of a map and in aliases; bounded, whatever aliases stand for.
 */
export function readDocumentNode(root: ParsedNode | null, report: Report): DocumentNode | undefined {
  return root === null ? undefined : new Reader(report).read(root);
}

class Reader {
  /** `undefined`: the node is still being read. */
  private readonly anchors = new Map<string, DocumentNode | undefined>();
  private aliasedNodes = 0;

  constructor(private readonly report: Report) {}

  read(node: ParsedNode): DocumentNode {
    if (isAlias(node)) return this.readAlias(node.source, spanOf(node));
    if (node.anchor !== undefined) this.anchors.set(node.anchor, undefined);
    const read = this.readContent(node);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, read);
    return read;
  }

  private readContent(node: Exclude<ParsedNode, { source: string; anchor?: never }>): DocumentNode {
    const span = spanOf(node);
    if (isMap(node)) return this.readMapping(node, span);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item));
      return { kind: 'sequence', items, ...measured(span, items) };
    }
    return isScalar(node) ? scalar(node.value, node.source, span) : missing(span);
  }

  private readAlias(name: string, span: Span): DocumentNode {
    if (!this.anchors.has(name)) {
      this.report('alias-unknown', span, { name });
      return missing(span);
    }
    const target = this.anchors.get(name);
    if (target === undefined) {
      this.report('alias-of-itself', span, { name });
      return missing(span);
    }
    return this.allowed(target.size, span) ? target : missing(span);
  }

  private readMapping(map: YAMLMap<ParsedNode, ParsedNode | null>, span: Span): MappingNode {
    const entries = new Map<string, MappingEntry>();
    const merged: MappingNode[] = [];
    for (const { key, value } of map.items) {
      const keySpan = spanOf(key);
      // The library reports keys that are no text.
      const name = isScalar(key) ? String(key.value) : undefined;
      if (isScalar(key) && key.anchor !== undefined) this.anchors.set(key.anchor, this.readContent(key));
      const read = value === null ? missing([keySpan[1], keySpan[1]]) : this.read(value);
      if (name === undefined) continue;
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN')
        merged.push(...this.mergedMappings(read, keySpan));
      else if (entries.has(name)) this.report('duplicate-key', keySpan, { key: name });
      else entries.set(name, { keySpan, value: read });
    }
    for (const source of merged) this.merge(entries, source, span);
    return {
      kind: 'mapping',
      entries,
      ...measured(
        span,
        [...entries.values()].map(({ value }) => value),
      ),
    };
  }

  private mergedMappings(value: DocumentNode, keySpan: Span): readonly MappingNode[] {
    const sources = value.kind === 'sequence' ? value.items : [value];
    const mappings = sources.filter((source) => source.kind === 'mapping');
    if (mappings.length < sources.length) this.report('merge-of-no-map', keySpan);
    return mappings;
  }

  /** Keys that are there already win. */
  private merge(entries: Map<string, MappingEntry>, source: MappingNode, span: Span): void {
    if (!this.allowed(source.size, span)) return;
    for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
  }

  private allowed(size: number, span: Span): boolean {
    const before = this.aliasedNodes;
    this.aliasedNodes += size;
    // Once said is enough.
    if (before <= maximumAliasedNodes && this.aliasedNodes > maximumAliasedNodes) {
      this.report('aliases-too-large', span, { maximum: maximumAliasedNodes });
    }
    return this.aliasedNodes <= maximumAliasedNodes;
  }
}

function spanOf(node: ParsedNode): Span {
  return [node.range[0], node.range[1]];
}

function measured(span: Span, children: readonly DocumentNode[]) {
  let size = 1;
  let height = 0;
  for (const child of children) {
    size += child.size;
    height = Math.max(height, child.height);
  }
  return { span, size, height: height + 1 };
}

function scalar(value: unknown, source: string, span: Span): ScalarNode {
  // Infinity and not-a-number have no place in the format: they are text, as written.
  const known =
    typeof value === 'boolean' || value === null || (typeof value === 'number' && Number.isFinite(value));
  return { kind: 'scalar', value: known ? value : source, source, span, size: 1, height: 1 };
}

function missing(span: Span): ScalarNode {
  return scalar(null, '', span);
}
