import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while values are read, and while keys are changed. */
export const valueProblems = {
  'value-gone': {
    severity: 'warning',
    message: 'There is no key {key} any more.',
    remedy: 'Look at the keys again: it was deleted or renamed, or it has expired.',
  },
  'value-refused': {
    severity: 'error',
    message: 'The database did not answer for the key {key} ("{reply}").',
    remedy: 'Change what the server says, then look again.',
  },
  'value-not-understood': {
    severity: 'error',
    message: 'The database gave an answer for the key {key} that is not understood ("{reply}").',
    remedy:
      'Check with `redis-cli` that a server of Redis, Valkey or KeyDB answers at this address, and no proxy that changes its answers.',
  },
  'value-between-shards': {
    severity: 'warning',
    message: '{key} cannot be shown or changed just now: its slot is between two shards ("{reply}").',
    remedy:
      'Try again when the cluster has moved the slot. Where nobody moves slots, a move was left half way: end it (`redis-cli --cluster fix`).',
  },
  'value-right-missing': {
    severity: 'error',
    message:
      'The user of this connection has no right to {right}, without which {key} cannot be shown or changed.',
    remedy: 'Connect as another user, or let this one have the right (`ACL SETUSER`).',
  },
  'value-changed': {
    severity: 'warning',
    message: '{key} was changed while it was read, so its parts do not belong together.',
    remedy: 'Look again, at a time when nothing writes it.',
  },
  'value-without-headroom': {
    severity: 'error',
    message:
      'To show {key} the server would have to copy {bytes} bytes, and of its {limit} bytes of memory {free} are free.',
    remedy:
      'Free memory of the server, or raise its `maxmemory`; with our own engine parts of a tensor are read.',
  },
  'value-size-unproved': {
    severity: 'error',
    message:
      'To show {key} the server would have to copy {bytes} bytes, and it does not tell this user how much memory it has left.',
    remedy: 'Connect as another user, or let this one have the right to `INFO`.',
  },
  'rename-onto-key': {
    severity: 'error',
    message: '{key} was not renamed: there is a key {target} already.',
    remedy: 'Choose another name, or delete that key first.',
  },
  'rename-other-slot': {
    severity: 'error',
    message:
      '{key} was not renamed: {target} belongs to another slot of the cluster, and a key cannot go there as one act.',
    remedy: 'Choose a name with the same part in braces, or copy it with SmartRedis.',
  },
  'rename-too-many': {
    severity: 'error',
    message: '{key} was not renamed: it has {keys} keys, and at most {limit} move as one act.',
    remedy: 'Copy it with SmartRedis.',
  },
  'journal-not-written': {
    severity: 'error',
    message: 'Nothing more was deleted: the journal {file} could not be written ({reason}).',
    remedy: 'Make its folder writable, then begin again.',
  },
} as const satisfies Record<string, CatalogueEntry>;
