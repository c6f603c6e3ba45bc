import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while tensors are read and written. */
export const tensorProblems = {
  'data-without-run': {
    severity: 'error',
    message: 'No run with an orchestrator is live here.',
    remedy: 'Launch the experiment first (`ssw up --detach FILE`); `ssw status` shows what runs.',
  },
  'data-ambiguous': {
    severity: 'error',
    message: 'Several live orchestrators could hold the key: {orchestrators}.',
    remedy: 'Name one: `--file FILE` for the experiment, `--orchestrator ID` for the orchestrator in it.',
  },
  'orchestrator-unknown': {
    severity: 'error',
    message: 'No live run has an orchestrator {orchestrator}.',
    remedy: 'Name one of {orchestrators}.',
  },
  'data-unreachable': {
    severity: 'error',
    message: 'The shard {shard} at {address} could not be asked: {reason}.',
    remedy: 'Look at its state (`ssw status`) and its output (`ssw logs {shard}`).',
  },
  'data-refused': {
    severity: 'error',
    message: 'The shard {shard} refused ("{reply}").',
    remedy: 'Read what the server said: its words tell what to change.',
  },
  'slot-without-shard': {
    severity: 'error',
    message: 'No shard of {orchestrator} serves slot {slot}, to which the key belongs.',
    remedy: 'Run `ssw repair FILE`, which brings the cluster back to its plan.',
  },
  'slot-moving': {
    severity: 'error',
    message: 'The slot of {key} is on its way from {shard} to another shard of {orchestrator}.',
    remedy:
      'Try again when it is there, or run `ssw repair FILE`, which brings the cluster back to its plan.',
  },
  'tensors-not-served': {
    severity: 'error',
    message: 'The orchestrator {orchestrator} knows no tensors.',
    remedy: 'Launch it with `ai: auto` or `ai: builtin`; `ssw doctor` tells what is found here.',
  },
  'tensor-missing': {
    severity: 'error',
    message: 'There is no tensor {key} in {orchestrator}.',
    remedy:
      'Check the name: a model with key prefixing writes `<model>.<name>`, a dataset `{<name>}.<tensor>`.',
  },
  'tensor-of-other-kind': {
    severity: 'error',
    message: '{key} holds something that is no tensor.',
    remedy: 'Name a tensor; those of a dataset lie under `{<dataset>}.<tensor>`.',
  },
  'tensor-changed': {
    severity: 'error',
    message: 'The tensor {key} was replaced while it was read, so its parts do not belong together.',
    remedy: 'Read it again, at a time when nothing writes it.',
  },
  'tensor-whole-only': {
    severity: 'error',
    message:
      'RedisAI, which serves this orchestrator, gives whole tensors alone, and {key} has {bytes} bytes; at most {limit} are read so.',
    remedy:
      'Launch the experiment with `ai: builtin`, whose tensors are read part by part, or read it with SmartRedis.',
  },
  'slice-invalid': {
    severity: 'error',
    message: '{slice} is no slice: {reason}.',
    remedy:
      'Write it as numpy does, one part for each dimension: `[0, -1, 2:10, ::2, ...]`. Lists and masks of indices are not known here.',
  },
  'slice-does-not-fit': {
    severity: 'error',
    message: 'The slice {slice} does not fit {key}, which has the shape {shape}: {reason}.',
    remedy: 'Choose other indices: those of a dimension begin with 0, and -1 is its last.',
  },
  'slice-too-large': {
    severity: 'error',
    message:
      'A text that the slice takes of {key} has more than 8388608 bytes, and the server gives no more at a time.',
    remedy:
      'Choose a slice without it, or write the whole tensor into a file: `ssw tensor KEY --out FILE.npy`.',
  },
  'tensor-too-large': {
    severity: 'error',
    message: 'The tensor has {bytes} bytes, and the shard {shard} takes values of less than {limit} bytes.',
    remedy: 'Raise `proto-max-bulk-len` in the `conf` of the orchestrator, or store the tensor in parts.',
  },
  'out-folder-missing': {
    severity: 'error',
    message: '{file} cannot be written, because its folder is not there.',
    remedy: 'Make the folder, or name a file in another.',
  },
  'npy-invalid': {
    severity: 'error',
    message: '{file} is no .npy file that can be read: {reason}.',
    remedy: 'Write it with `numpy.save`.',
  },
  'npy-type-unsupported': {
    severity: 'error',
    message: '{file} holds elements of the type {type}, which no tensor has.',
    remedy:
      'Write it with another type: tensors have float32, float64, int8 to int64, uint8, uint16, bool, and texts (`S` or `U`).',
  },
} as const satisfies Record<string, CatalogueEntry>;
