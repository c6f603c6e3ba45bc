import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong between a user of the editor's window and the rest. */
export const windowProblems = {
  'workspace-untrusted': {
    severity: 'error',
    message: 'This workspace is not trusted, so nothing in it is launched or connected to.',
    remedy: 'Trust the workspace, then try again.',
  },
  'no-experiment-file': {
    severity: 'error',
    message: 'There is no experiment file in this workspace.',
    remedy: 'Create one with the command SmartSim: New Experiment File.',
  },
  'no-folder': {
    severity: 'error',
    message: 'No folder is open that an experiment file could be put in.',
    remedy: 'Open a folder, then try again.',
  },
  'experiment-not-saved': {
    severity: 'error',
    message: '{file} has unsaved changes and could not be saved. What is launched is the file on disk.',
    remedy: 'Check that the file may be written to, save it, then launch again.',
  },
  'file-exists': {
    severity: 'error',
    message: '{file} exists already.',
    remedy: 'Choose another name.',
  },
  'nothing-running': {
    severity: 'information',
    message: 'No experiment is running.',
    remedy: 'Launch one with the command SmartSim: Launch Experiment.',
  },
  'experiment-not-running': {
    severity: 'information',
    message: '{experiment} is not running.',
    remedy: 'Launch it first.',
  },
  'output-missing': {
    severity: 'error',
    message: '{entity} has no output at {file}.',
    remedy:
      'Launch the experiment again: output is written from the moment a program starts, and goes together with its run.',
  },
  'key-missing': {
    severity: 'information',
    message: 'The database {database} has no key {key}.',
    remedy: 'Check the name: it is compared byte by byte, with capital letters and all.',
  },
  'no-code-for-key': {
    severity: 'information',
    message: 'No client library reads what {key} holds.',
  },
  'inspector-ended': {
    severity: 'error',
    message: 'What looks into databases has ended unexpectedly.',
    remedy: 'Start it again with Refresh in the Keys view; the log says more.',
  },
} as const satisfies Record<string, CatalogueEntry>;
