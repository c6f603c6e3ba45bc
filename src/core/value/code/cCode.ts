import { utf8 } from '../../base/bytes';
import { hiredisCode } from './hiredisCode';
import { cLiteral } from './literals';
import { clientName, isPlainKind, isSmartRedisKind, type CodeSubject, type SmartRedisKind } from './subject';

export function cCode(subject: CodeSubject): string | undefined {
  const { kind } = subject;
  if (isPlainKind(kind)) return hiredisCode(subject, kind, '');
  if (!isSmartRedisKind(kind)) return undefined;
  const { name, source } = clientName(subject);
  const [read, keyed] = reads[kind];
  return [
    '/* setenv is of POSIX, which compilers leave out where they are to know C alone. */',
    '#define _POSIX_C_SOURCE 200112L',
    '#include <stdlib.h>',
    '#include "c_client.h"',
    '',
    'int main(void) {',
    `  setenv("SSDB", ${cLiteral(utf8(subject.address))}, 0);`,
    `  setenv("SR_DB_TYPE", "${subject.clustered ? 'Clustered' : 'Standalone'}", 0);`,
    ...(source === undefined ? [] : [`  setenv("SSKEYIN", ${cLiteral(source)}, 1);`]),
    '  void* client = NULL;',
    '  if (SimpleCreateClient("reader", 6, &client) != SRNoError) return 1;',
    `  if (use_${keyed}_ensemble_prefix(client, ${source === undefined ? 'false' : 'true'}) != SRNoError) return 1;`,
    `  const char name[] = ${cLiteral(name)};`,
    '  const size_t length = sizeof(name) - 1;',
    ...read.map((line) => `  ${line}`),
    '  DeleteCClient(&client);',
    '  return 0;',
    '}',
    '',
  ].join('\n');
}

const reads: Readonly<Record<SmartRedisKind, readonly [lines: readonly string[], keyed: string]>> = {
  tensor: [
    [
      'void* data = NULL;',
      'size_t* dims = NULL;',
      'size_t n_dims = 0;',
      'SRTensorType type;',
      'if (get_tensor(client, name, length, &data, &dims, &n_dims, &type, SRMemLayoutContiguous) != SRNoError) return 1;',
    ],
    'tensor',
  ],
  dataset: [
    ['void* dataset = NULL;', 'if (get_dataset(client, name, length, &dataset) != SRNoError) return 1;'],
    'dataset',
  ],
  aggregationList: [
    [
      'void** datasets = NULL;',
      'size_t n_datasets = 0;',
      'if (get_datasets_from_list(client, name, length, &datasets, &n_datasets) != SRNoError) return 1;',
    ],
    'list',
  ],
  mlModel: [
    [
      'const char* model = NULL;',
      'size_t bytes = 0;',
      'if (get_model(client, name, length, &bytes, &model) != SRNoError) return 1;',
    ],
    'model',
  ],
  script: [
    [
      'const char* script = NULL;',
      'size_t bytes = 0;',
      'if (get_script(client, name, length, &script, &bytes) != SRNoError) return 1;',
    ],
    'model',
  ],
};
