import { fortranText } from './literals';
import { clientName, isPlainKind, isSmartRedisKind, type CodeSubject, type SmartRedisKind } from './subject';

/** Addresses come from the environment: Fortran has no way of its own to set that. */
export function fortranCode(subject: CodeSubject): string | undefined {
  const { kind } = subject;
  if (isPlainKind(kind)) return '! SmartRedis reads no plain values of Redis in Fortran.\n';
  if (!isSmartRedisKind(kind)) return undefined;
  const { name, source } = clientName(subject);
  const { uses, declares, calls, keyed } = programs[kind];
  const check = (call: string): string => `  code = ${call}\n  if (code /= srnoerror) stop 1`;
  return [
    'program reader',
    '  use smartredis_client, only: client_type, enum_kind',
    ...uses.map((line) => `  use ${line}`),
    '  implicit none',
    '#include "enum_fortran.inc"',
    '  type(client_type) :: client',
    '  integer(kind=enum_kind) :: code',
    '  character(len=:), allocatable :: name',
    ...declares.map((line) => `  ${line}`),
    ...(source === undefined
      ? []
      : ['  ! Set SSKEYIN to the following before this runs:', `  ! ${commented(source)}`]),
    `  name = ${fortranText(name)}`,
    check('client%initialize("reader")'),
    check(`client%use_${keyed}_ensemble_prefix(${source === undefined ? '.false.' : '.true.'})`),
    ...calls.map(check),
    'end program reader',
    '',
  ].join('\n');
}

/** In one line, whatever its bytes. */
function commented(bytes: Uint8Array): string {
  return fortranText(bytes).replaceAll(' // &\n    ', ' // ');
}

interface FortranProgram {
  readonly uses: readonly string[];
  readonly declares: readonly string[];
  readonly calls: readonly string[];
  readonly keyed: string;
}

const programs: Readonly<Record<SmartRedisKind, FortranProgram>> = {
  tensor: {
    uses: [],
    declares: [
      '! Has to have the type and the shape of the tensor.',
      'real(kind=8), allocatable :: array(:, :)',
    ],
    calls: ['client%unpack_tensor(name, array, shape(array))'],
    keyed: 'tensor',
  },
  dataset: {
    uses: ['smartredis_dataset, only: dataset_type'],
    declares: ['type(dataset_type) :: dataset'],
    calls: ['client%get_dataset(name, dataset)'],
    keyed: 'dataset',
  },
  aggregationList: {
    uses: ['smartredis_dataset, only: dataset_type'],
    declares: ['type(dataset_type), allocatable :: datasets(:)', 'integer :: count'],
    calls: ['client%get_datasets_from_list(name, datasets, count)'],
    keyed: 'list',
  },
  mlModel: {
    uses: [],
    declares: ['! Has to be long enough.', 'character(len=1000000) :: model'],
    calls: ['client%get_model(name, model)'],
    keyed: 'model',
  },
  script: {
    uses: [],
    declares: ['! Has to be long enough.', 'character(len=100000) :: script'],
    calls: ['client%get_script(name, script)'],
    keyed: 'model',
  },
};
