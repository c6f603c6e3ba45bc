import { visit, type Document, type YAMLError } from 'yaml';
import type { ProblemCode } from '../base/problemCatalogue';
import type { Span } from './lineTable';
import type { Report } from './readDocumentNode';

type YamlErrorCode = YAMLError['code'];

/** Our code for each of the YAML library's; what is missing here is told with the library's own words. */
const codes: Partial<Record<YamlErrorCode, ProblemCode>> = {
  ALIAS_PROPS: 'yaml-anchor',
  BAD_ALIAS: 'yaml-anchor',
  MULTIPLE_ANCHORS: 'yaml-anchor',
  BAD_PROP_ORDER: 'yaml-anchor',
  MULTIPLE_TAGS: 'yaml-tag',
  TAG_RESOLVE_FAILED: 'yaml-tag',
  BAD_COLLECTION_TYPE: 'yaml-tag',
  BAD_DIRECTIVE: 'yaml-directive',
  BAD_DQ_ESCAPE: 'yaml-escape',
  BAD_SCALAR_START: 'yaml-special-character',
  BAD_INDENT: 'yaml-indentation',
  TAB_AS_INDENT: 'yaml-tab',
  NON_STRING_KEY: 'yaml-key',
  MULTILINE_IMPLICIT_KEY: 'yaml-colon-missing',
  KEY_OVER_1024_CHARS: 'yaml-key',
  BLOCK_IN_FLOW: 'yaml-block-in-brackets',
};

/** The library tells these apart by its message only. */
const codesByMessage: readonly (readonly [RegExp, ProblemCode])[] = [
  [/^Missing closing ['"]quote/, 'yaml-quote-open'],
  [/^Implicit map keys need to be followed/, 'yaml-colon-missing'],
  [/^Nested mappings are not allowed in compact/, 'yaml-colon-in-value'],
  [/end with a [\]}]$/, 'yaml-bracket-open'],
];

/** Tells of a fault that the YAML library found in a document, in our words. */
export function reportYamlError(fault: YAMLError, document: Document, report: Report): void {
  const code =
    codesByMessage.find(([pattern]) => pattern.test(fault.message))?.[1] ??
    codes[fault.code] ??
    'yaml-syntax';
  const [start, end] = fault.pos;
  const span = code === 'yaml-quote-open' ? quoteThatEndsAt(start, document) : undefined;
  report(
    code,
    span ?? [start, Math.max(start, end)],
    code === 'yaml-syntax' ? { detail: fault.message } : {},
  );
}

/** The library tells where a closing quote is missing, which is mostly the end of the file: the opening one helps more. */
function quoteThatEndsAt(offset: number, document: Document): Span | undefined {
  let span: Span | undefined;
  visit(document, {
    Scalar: (_, { range }) => {
      if (!range || range[0] >= offset || range[1] < offset) return undefined;
      span = [range[0], range[1]];
      return visit.BREAK;
    },
  });
  return span;
}
