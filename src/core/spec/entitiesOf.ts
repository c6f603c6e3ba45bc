import type { DocumentPath, Range } from '../base/problem';
import type { MappingNode } from './documentNode';
import { defaultIdentifier } from './entries';
import { nodeAt, type ExperimentDocument } from './experimentDocument';

/** Something in an experiment file that gets a line of its own in the editor. */
export interface DocumentEntity {
  readonly kind: 'orchestrator' | 'model' | 'ensemble';
  /** Of an orchestrator: its identifier. */
  readonly name: string;
  readonly path: DocumentPath;
  readonly keyRange: Range;
}

/** The orchestrators, models and ensembles of a document, in the order of the text; also while the file has errors. */
export function entitiesOf(document: ExperimentDocument): readonly DocumentEntity[] {
  const entity = (kind: DocumentEntity['kind'], name: string, path: DocumentPath): DocumentEntity[] => {
    const span = mappingAt(document, path.slice(0, -1))?.entries.get(String(path.at(-1)))?.keySpan;
    return span === undefined ? [] : [{ kind, name, path, keyRange: document.lines.rangeOf(span) }];
  };
  const each = (kind: DocumentEntity['kind'], section: string): readonly DocumentEntity[] =>
    [...(mappingAt(document, [section])?.entries.keys() ?? [])].flatMap((name) =>
      entity(kind, name, [section, name]),
    );
  const entities = [
    ...entity('orchestrator', identifierOf(document), ['orchestrator']),
    ...each('orchestrator', 'orchestrators'),
    ...each('model', 'models'),
    ...each('ensemble', 'ensembles'),
  ];
  return entities.sort((one, other) => one.keyRange.start.line - other.keyRange.start.line);
}

function mappingAt(document: ExperimentDocument, path: DocumentPath): MappingNode | undefined {
  const node = nodeAt(document, path);
  return node?.kind === 'mapping' ? node : undefined;
}

function identifierOf(document: ExperimentDocument): string {
  const given = nodeAt(document, ['orchestrator', 'db_identifier']);
  return given?.kind === 'scalar' && given.source !== '' ? given.source : defaultIdentifier;
}
