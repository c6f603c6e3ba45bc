import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while a file is read and checked. */
export const specProblems = {
  // The text as a whole.
  'file-empty': {
    severity: 'error',
    message: 'The experiment file is empty.',
    remedy: 'Start with `version: 1` and `experiment: NAME`.',
  },
  'file-too-large': {
    severity: 'error',
    message:
      'The file is too large to be an experiment file: it has {length} characters, and {maximum} are read at most.',
    remedy: 'Check that this is the right file.',
  },
  'file-too-complex': {
    severity: 'error',
    message: 'The file holds too much: at most {maximum} words and punctuation marks are read.',
    remedy: 'Check that this is the right file, or split the experiment.',
  },
  'nested-too-deep': {
    severity: 'error',
    message: 'The file is nested too deeply: no more than {maximum} levels are read.',
    remedy: 'Check the brackets and the indentation.',
  },
  'several-documents': {
    severity: 'error',
    message: 'A second document starts here, but an experiment file holds exactly one.',
    remedy: 'Remove the line `---`, or put the second document into a file of its own.',
  },
  'too-many-problems': {
    severity: 'information',
    message: 'This file has {hidden} more problems, which are not shown.',
    remedy: 'Solve the problems above first.',
  },

  // YAML.
  'yaml-anchor': {
    severity: 'error',
    message: 'This anchor (`&name`) or alias (`*name`) is not written as YAML wants it.',
    remedy: 'Write one `&name` directly before a value, and `*name` alone in place of a value.',
  },
  'yaml-block-in-brackets': {
    severity: 'error',
    message: 'An indented block cannot stand inside brackets or braces.',
    remedy: 'Close the bracket before it, or write the block in brackets too.',
  },
  'yaml-bracket-open': {
    severity: 'error',
    message: 'A bracket or brace is opened, but not closed before this place.',
    remedy: 'Add the closing `]` or `}`.',
  },
  'yaml-colon-in-value': {
    severity: 'error',
    message: 'There is a second `: ` on this line, so YAML reads the value as a map.',
    remedy: 'Put the value in quotes, or start the map on a line of its own.',
  },
  'yaml-colon-missing': {
    severity: 'error',
    message: 'A key stands here without a colon and a value.',
    remedy: 'Write `key: value`, with a space after the colon.',
  },
  'yaml-directive': {
    severity: 'error',
    message: 'This line starts with `%`, but is no directive that YAML 1.2 knows.',
    remedy: 'Remove the line.',
  },
  'yaml-escape': {
    severity: 'error',
    message: 'YAML does not know this escape sequence in double quotes.',
    remedy: 'Write `\\\\` for a backslash, or use single quotes.',
  },
  'yaml-indentation': {
    severity: 'error',
    message: 'This line does not line up with those it belongs to.',
    remedy: 'Indent it by as many spaces as its neighbours.',
  },
  'yaml-key': {
    severity: 'error',
    message: 'A key must be one short text on a single line.',
    remedy: 'Write the key as plain text, in quotes if it has special characters.',
  },
  'yaml-quote-open': {
    severity: 'error',
    message: 'A quote is opened, but never closed.',
    remedy: 'Add the closing quote.',
  },
  'yaml-special-character': {
    severity: 'error',
    message: 'A value cannot start with this character unless it is in quotes.',
    remedy: 'Put the value in quotes.',
  },
  'yaml-syntax': {
    severity: 'error',
    message: 'This is not valid YAML: {detail}.',
    remedy: 'Check brackets, quotes and indentation here and on the line before.',
  },
  'yaml-tab': {
    severity: 'error',
    message: 'This line is indented with a tab, which YAML does not allow.',
    remedy: 'Indent with spaces.',
  },
  'yaml-tag': {
    severity: 'error',
    message: 'This tag (`!name`) is not known in experiment files.',
    remedy: 'Remove the tag. A value that starts with `!` needs quotes.',
  },
  'alias-unknown': {
    severity: 'error',
    message: 'The alias `*{name}` refers to nothing: there is no `&{name}` before it.',
    remedy: 'Write `&{name}` before the value that is meant, or put the text in quotes.',
  },
  'alias-of-itself': {
    severity: 'error',
    message: 'The alias `*{name}` stands inside the value that it refers to.',
    remedy: 'Refer to a value that ends before this place.',
  },
  'aliases-too-large': {
    severity: 'error',
    message: 'The aliases of this file stand for more than {maximum} values, which is too much.',
    remedy: 'Use fewer aliases of aliases.',
  },
  'merge-of-no-map': {
    severity: 'error',
    message: 'The merge key `<<` takes a map or a list of maps.',
    remedy: 'Refer to a map, as in `<<: *name`.',
  },
  'duplicate-key': {
    severity: 'error',
    message: 'The key `{key}` is used twice in this map.',
    remedy: 'Remove or rename one of them.',
  },

  // The shape that the schema describes.
  'not-a-map': {
    severity: 'error',
    message: 'An experiment file must be a map of keys and values.',
    remedy: 'Start with `version: 1` and `experiment: NAME`.',
  },
  'unknown-version': {
    severity: 'error',
    message: 'This is not a version of the format that is known here: {value}.',
    remedy: 'Write `version: 1`, or update SmartSim Workbench.',
  },
  'unknown-key': {
    severity: 'error',
    message: 'The key `{key}` is not known in {where}.',
    remedy: 'Use one of these: {known}.',
  },
  'misspelt-key': {
    severity: 'error',
    message: 'The key `{key}` is not known in {where}.',
    remedy: 'Did you mean `{closest}`?',
  },
  'missing-key': {
    severity: 'error',
    message: 'The experiment file lacks the key `{key}`.',
    remedy: 'Add `{key}`.',
  },
  'missing-key-in': {
    severity: 'error',
    message: '`{path}` lacks the key `{key}`.',
    remedy: 'Add `{key}`.',
  },
  'wrong-type': {
    severity: 'error',
    message: '`{path}` must be {expected}, but is {found}.',
    remedy: 'Write {expected} here.',
  },
  'nothing-given': {
    severity: 'error',
    message: '`{path}` has no value; it must be {expected}.',
    remedy: 'Give a value, or remove the key.',
  },
  'text-without-quotes': {
    severity: 'error',
    message: '`{path}` must be text, but YAML reads {value} as {kind}.',
    remedy: 'Put it in quotes: "{value}".',
  },
  'unknown-word': {
    severity: 'error',
    message: '`{path}` cannot be "{value}".',
    remedy: 'Write one of these: {known}.',
  },
  'misspelt-word': {
    severity: 'error',
    message: '`{path}` cannot be "{value}".',
    remedy: 'Did you mean "{closest}"?',
  },
  'number-too-small': {
    severity: 'error',
    message: '`{path}` cannot be {value}: the smallest possible value is {minimum}.',
    remedy: 'Write {minimum} or more.',
  },
  'number-too-large': {
    severity: 'error',
    message: '`{path}` cannot be {value}: the largest possible value is {maximum}.',
    remedy: 'Write {maximum} or less.',
  },
  'empty-value': {
    severity: 'error',
    message: '`{path}` is empty.',
    remedy: 'Give a value, or remove the key.',
  },
  'wrong-form': {
    severity: 'error',
    message: '`{path}` cannot be "{value}".',
    remedy: 'Write it like this: {example}.',
  },

  // What the values say.
  'nothing-to-launch': {
    severity: 'error',
    message: 'This experiment has neither an orchestrator nor a model: there is nothing to launch.',
    remedy: 'Add `orchestrator` or `models`.',
  },
  'invalid-name': {
    severity: 'error',
    message: '"{name}" cannot be a name: {fault}.',
    remedy: 'Use letters, digits, "_", "-" and "." and start with a letter or digit.',
  },
  'invalid-db-identifier': {
    severity: 'error',
    message:
      '"{identifier}" cannot be a database identifier: it is put behind the names of environment variables, as in SSDB_X.',
    remedy: 'Use letters, digits and "_", 64 at most.',
  },
  'identifier-given-twice': {
    severity: 'error',
    message: 'The identifier of this orchestrator is its key, `{identifier}`.',
    remedy: 'Remove `db_identifier`.',
  },
  'orchestrator-and-orchestrators': {
    severity: 'error',
    message: '`orchestrator` and `orchestrators` cannot both be given.',
    remedy: 'Move the orchestrator below `orchestrators`, under its identifier.',
  },
  'duplicate-name': {
    severity: 'error',
    message: 'The name "{name}" is taken already, by {owner}.',
    remedy: 'Choose another name.',
  },
  'names-differ-by-case': {
    severity: 'warning',
    message:
      'The names "{name}" and "{other}" differ by upper and lower case only: some file systems take them for one.',
    remedy: 'Choose names that differ more.',
  },
  'unknown-reference': {
    severity: 'error',
    message: 'There is no model or ensemble "{name}" in this file.',
    remedy: 'Name one of these: {known}.',
  },
  'misspelt-reference': {
    severity: 'error',
    message: 'There is no model or ensemble "{name}" in this file.',
    remedy: 'Did you mean "{closest}"?',
  },
  'duplicate-reference': {
    severity: 'error',
    message: '"{name}" is named twice in this list.',
    remedy: 'Remove one of them.',
  },
  'depends-on-itself': {
    severity: 'error',
    message: '"{name}" cannot wait for itself.',
    remedy: 'Remove it from its own `depends_on`.',
  },
  'cyclic-depends-on': {
    severity: 'error',
    message: 'These wait for each other in a circle, so that none can start: {cycle}.',
    remedy: 'Remove one of these dependencies.',
  },
  'incoming-without-prefix': {
    severity: 'warning',
    message:
      '"{name}" looks for keys that start with "{source}.", but "{source}" writes its keys without that prefix.',
    remedy: 'Set `enable_key_prefixing: true` for "{source}", or remove it from `incoming`.',
  },
  'nul-character': {
    severity: 'error',
    message: 'There is a NUL character here, which no argument, variable, name or path can hold.',
    remedy: 'Remove it. In double quotes it is written `\\0`.',
  },
  'home-shorthand': {
    severity: 'warning',
    message: '"{path}" is taken literally: `~` does not stand for the home directory here.',
    remedy: 'Write the whole path, or one relative to this file.',
  },
  'invalid-env-var': {
    severity: 'error',
    message:
      '"{name}" cannot be the name of an environment variable: a name is not empty and has no "=" in it.',
    remedy: 'Write name and value apart: `NAME: value`.',
  },
  'managed-env-var': {
    severity: 'warning',
    message:
      'The launch sets {name} itself; the value given here replaces it, and the model may not find its database or its keys.',
    remedy: 'Remove it, unless you mean to.',
  },
  'run-args-without-command': {
    severity: 'warning',
    message:
      '`run_args` are for a run command, and on this machine there is none unless it is named: they have no effect.',
    remedy: 'Set `run_command`, or move them to `exe_args`.',
  },
  'invalid-directive': {
    severity: 'error',
    message: '"{directive}" cannot be the name of a server directive.',
    remedy: "Use a name of the server's documentation, such as `maxclients`.",
  },
  'reserved-directive': {
    severity: 'error',
    message: 'The directive `{directive}` cannot be set here: {reason}.',
    remedy: 'Remove it.',
  },
  'directive-of-several-lines': {
    severity: 'error',
    message: 'The value of `{directive}` has a line break in it, which a directive cannot hold.',
    remedy: 'Write it on one line.',
  },
  'invalid-max-memory': {
    severity: 'error',
    message: '"{size}" is no size of memory.',
    remedy: 'Write a whole number above 0, with one of the units k, kb, m, mb, g, gb or none, such as 512mb.',
  },
  'two-shards': {
    severity: 'error',
    message:
      'An orchestrator cannot have two shards: a cluster needs at least three to agree on which of them has failed.',
    remedy: 'Use 1 shard, or 3 and more.',
  },
  'too-many-shards': {
    severity: 'error',
    message:
      'An orchestrator cannot have {shards} shards: they all talk to each other, and more than {maximum} on one host would be busy with that alone.',
    remedy: 'Use {maximum} shards or fewer.',
  },
  'port-given-twice': {
    severity: 'error',
    message:
      'The orchestrators {other} and {orchestrator} have the same port, {port}, on the same interface.',
    remedy: 'Give each a `port` of its own, or write `port: auto`.',
  },
  'port-too-high-for-cluster': {
    severity: 'error',
    message:
      'The port {port} is too high for a cluster of {shards} shards: they take consecutive ports, and each also needs the port 10000 above its own.',
    remedy: 'Use a port up to {maximum}.',
  },
  'unix-socket-of-cluster': {
    severity: 'error',
    message: 'A cluster of {shards} shards cannot be reached by one Unix socket.',
    remedy: 'Remove `unix_socket`, or write `db_nodes: 1`.',
  },
  'unix-socket-given-twice': {
    severity: 'error',
    message: 'The orchestrators {other} and {orchestrator} have the same Unix socket, {path}.',
    remedy: 'Give each a `unix_socket` of its own.',
  },
  'unix-socket-characters': {
    severity: 'error',
    message:
      'SmartRedis clients cannot be told the Unix socket {path}: they take letters, digits and `. : _ / -` alone.',
    remedy: 'Choose a `unix_socket` whose whole path has no other characters, such as one below /tmp.',
  },
  'unix-socket-too-long': {
    severity: 'error',
    message:
      'The path of the Unix socket {path} has {bytes} bytes; systems cut or refuse more than {maximum}.',
    remedy: 'Choose a shorter path, such as one below /tmp.',
  },
  'invalid-socket-permissions': {
    severity: 'error',
    message:
      '{permissions} are no permissions of a socket: three octal digits, of which the first is 6 or 7, since you have to read and write.',
    remedy: 'Write 700 for you alone, 770 for your group, or 777 for everybody.',
  },
  'permissions-without-socket': {
    severity: 'error',
    message: '`socket_permissions` belong to a Unix socket, and this orchestrator has none.',
    remedy: 'Add `unix_socket`, or remove `socket_permissions`.',
  },
  'not-supported-yet': {
    severity: 'error',
    message: '{what} is not supported yet.',
    remedy: 'Remove it, or wait for a later version.',
  },
} as const satisfies Record<string, CatalogueEntry>;
