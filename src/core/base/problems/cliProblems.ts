import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while the command line is read. */
export const cliProblems = {
  'file-missing': {
    severity: 'error',
    message: 'There is no file {file}.',
    remedy: 'Check the name and the folder: the file may have been moved or removed.',
  },
  'file-unreadable': {
    severity: 'error',
    message: '{file} cannot be read: {reason}.',
    remedy: 'Check that it is a text file that you may read.',
  },
  'entity-unknown': {
    severity: 'error',
    message: 'No run has a shard or model named {entity}.',
    remedy: 'Name a shard or model of a recent run: {names}.',
  },
  'entity-without-run': {
    severity: 'error',
    message: 'There is no recent run that could have a shard or model named {entity}.',
    remedy: 'Launch the experiment first, with `ssw up` or in the window.',
  },
  'entity-ambiguous': {
    severity: 'error',
    message: 'Several live runs have a shard or model named {entity}.',
    remedy: 'Add the file of the one you mean: {files}.',
  },
} as const satisfies Record<string, CatalogueEntry>;
