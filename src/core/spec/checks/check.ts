import type { DocumentPath, ProblemArguments } from '../../base/problem';
import type { ProblemCode } from '../../base/problemCatalogue';
import type { ExperimentDocument } from '../experimentDocument';
import type { ExperimentFile } from '../experimentFile';

/** Tells of a fault at a path: at its value, or at its key. */
export type ReportAt = (
  code: ProblemCode,
  path: DocumentPath,
  args?: ProblemArguments,
  part?: 'key' | 'value',
) => void;

/** A rule that a schema cannot say. The file has the schema's shape. */
export type Check = (file: ExperimentFile, report: ReportAt, document: ExperimentDocument) => void;
