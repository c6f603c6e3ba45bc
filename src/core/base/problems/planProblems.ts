import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while a plan is made. */
export const planProblems = {
  'client-config-open': {
    severity: 'warning',
    message:
      '`client_config` lets everybody who reaches the orchestrator {orchestrator} change its configuration, other users of this machine too.',
    remedy: 'Remove it, unless a program needs `config_set`. What is fixed can be written as `conf`.',
  },
  'client-config-unsafe': {
    severity: 'error',
    message:
      '`client_config` is refused with {engine} {version}: before version {minimum}, whoever may configure a server can make it write files wherever you may write.',
    remedy: 'Remove `client_config`, or use a server of version {minimum} or newer.',
  },
  'executable-missing': {
    severity: 'error',
    message: 'Model {model}: the program {exe} was not found.',
    remedy: 'Check its name, or load the module that provides it before you launch.',
  },
  'executable-not-allowed': {
    severity: 'error',
    message: 'Model {model}: {path} is there, but you may not execute it.',
    remedy: 'Make it executable with chmod +x, or start it by its interpreter.',
  },
  'executable-is-directory': {
    severity: 'error',
    message: 'Model {model}: {path} is a directory, not a program.',
    remedy: 'Write the path of the program in it.',
  },
  'executable-no-program': {
    severity: 'error',
    message: 'Model {model}: {path} is a text whose first line does not say which program runs it.',
    remedy:
      'Start it with a line such as `#!/bin/sh`, or name the interpreter in `exe` and the script in `exe_args`.',
  },
  'executable-interpreter-missing': {
    severity: 'error',
    message:
      'Model {model}: the first line of {path} names the interpreter "{interpreter}", which is not there.',
    remedy:
      'Correct that line (a `\\r` at its end comes from Windows line ends), or name the interpreter in `exe` and the script in `exe_args`.',
  },
  'run-argument-reserved': {
    severity: 'error',
    message:
      'Model {model}: the run argument {argument} would change the working directory, which is set for it already.',
    remedy: 'Remove it, and give the directory as `path` of the model.',
  },
  'staged-file-missing': {
    severity: 'error',
    message: 'Model {model}: {path} does not exist, so it cannot be put into the working directory.',
    remedy: 'Check the name; it is taken relative to the experiment file.',
  },
  'staged-file-unreadable': {
    severity: 'error',
    message: 'Model {model}: {path} cannot be read, so it cannot be put into the working directory.',
    remedy: 'Check its permissions.',
  },
  'staged-file-special': {
    severity: 'error',
    message:
      'Model {model}: {path} is neither a file nor a directory, so it cannot be put into the working directory.',
    remedy: 'Give the path itself to the program, as an argument.',
  },
  'staged-twice': {
    severity: 'error',
    message: 'Model {model}: {path} would be put into the working directory as {name} too.',
    remedy: 'Rename one of the two files, or leave one out.',
  },
  'file-not-staged': {
    severity: 'warning',
    message:
      'Model {model}: the argument {argument} names a file beside the experiment file, but the model runs in {directory}, where it will not find it.',
    remedy:
      'Add it to `files: {to_copy: […]}` or `to_symlink` and give its last name, or write its absolute path.',
  },
  'directory-not-writable': {
    severity: 'error',
    message: '{directory} cannot be used, because you may not write to {nearest}.',
    remedy: 'Correct its permissions, or give a `path` where you may write.',
  },
  'directory-is-file': {
    severity: 'error',
    message: '{directory} cannot be made, because {nearest} is not a directory.',
    remedy: 'Move that file away, or give another `path`.',
  },
  'path-too-long': {
    severity: 'error',
    message:
      'The path {path} is too long: the system allows {name} bytes for a name and {limit} bytes in all.',
    remedy: 'Choose a shorter name, or a `path` with fewer folders.',
  },
  'workload-manager-not-supported-yet': {
    severity: 'error',
    message:
      '`launcher: auto` finds {manager} on this machine, and launching through it is not supported yet.',
    remedy: 'Write `launcher: local` to run everything on this machine.',
  },
} as const satisfies Record<string, CatalogueEntry>;
