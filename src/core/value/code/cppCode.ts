import { utf8 } from '../../base/bytes';
import { hiredisCode } from './hiredisCode';
import { cLiteral } from './literals';
import { clientName, isPlainKind, isSmartRedisKind, type CodeSubject, type SmartRedisKind } from './subject';

export function cppCode(subject: CodeSubject): string | undefined {
  const { kind } = subject;
  if (isPlainKind(kind)) return hiredisCode(subject, kind, 'static_cast<redisReply*>');
  if (!isSmartRedisKind(kind)) return undefined;
  const { name, source } = clientName(subject);
  const [read, keyed] = reads[kind];
  return [
    '#include <cstdlib>',
    '#include <string>',
    '#include <string_view>',
    '#include <vector>',
    '#include "client.h"',
    '',
    'int main() {',
    `  setenv("SSDB", ${cLiteral(utf8(subject.address))}, 0);`,
    `  setenv("SR_DB_TYPE", "${subject.clustered ? 'Clustered' : 'Standalone'}", 0);`,
    ...(source === undefined ? [] : [`  setenv("SSKEYIN", ${cLiteral(source)}, 1);`]),
    '  SmartRedis::Client client("reader");',
    `  client.use_${keyed}_ensemble_prefix(${source === undefined ? 'false' : 'true'});`,
    `  const std::string name(${cLiteral(name)}, ${name.length});`,
    ...read.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}

const reads: Readonly<Record<SmartRedisKind, readonly [lines: readonly string[], keyed: string]>> = {
  tensor: [
    [
      'void* data = nullptr;',
      'std::vector<size_t> dims;',
      'SRTensorType type;',
      'client.get_tensor(name, data, dims, type, SRMemLayoutContiguous);',
    ],
    'tensor',
  ],
  dataset: [['SmartRedis::DataSet dataset = client.get_dataset(name);'], 'dataset'],
  aggregationList: [
    ['std::vector<SmartRedis::DataSet> datasets = client.get_datasets_from_list(name);'],
    'list',
  ],
  mlModel: [['const std::string_view model = client.get_model(name);'], 'model'],
  script: [['const std::string_view script = client.get_script(name);'], 'model'],
};
