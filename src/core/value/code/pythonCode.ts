import { utf8 } from '../../base/bytes';
import { firstAddress } from './firstAddress';
import { pythonBytes, pythonText } from './literals';
import {
  clientName,
  isPlainKind,
  isSmartRedisKind,
  type CodeSubject,
  type PlainKind,
  type SmartRedisKind,
} from './subject';

export function pythonCode(subject: CodeSubject): string | undefined {
  const { kind } = subject;
  if (isSmartRedisKind(kind)) return withSmartRedis(subject, kind);
  return isPlainKind(kind) ? withRedis(subject, kind) : undefined;
}

function withSmartRedis(subject: CodeSubject, kind: SmartRedisKind): string {
  const { name, source } = clientName(subject);
  const text = pythonText(name);
  const prefix = source === undefined ? undefined : pythonText(source);
  if (text === undefined || (source !== undefined && prefix === undefined))
    return `# The name is no text: SmartRedis' Python client takes texts alone. In C++ and C it can be read.\n# ${pythonBytes(subject.key)}\n`;
  const [call, variable, keyed] = calls[kind];
  return [
    'import os',
    '',
    'from smartredis import Client',
    '',
    `os.environ.setdefault("SSDB", ${pythonText(utf8(subject.address)) ?? '""'})`,
    `os.environ.setdefault("SR_DB_TYPE", "${subject.clustered ? 'Clustered' : 'Standalone'}")`,
    ...(prefix === undefined ? [] : [`os.environ["SSKEYIN"] = ${prefix}`]),
    'client = Client(None, logger_name="reader")',
    `client.use_${keyed}_ensemble_prefix(${prefix === undefined ? 'False' : 'True'})`,
    `${variable} = client.${call}(${text})`,
    '',
  ].join('\n');
}

const calls: Readonly<Record<SmartRedisKind, readonly [call: string, variable: string, keyed: string]>> = {
  tensor: ['get_tensor', 'array', 'tensor'],
  dataset: ['get_dataset', 'dataset', 'dataset'],
  aggregationList: ['get_datasets_from_list', 'datasets', 'list'],
  mlModel: ['get_model', 'model', 'model'],
  script: ['get_script', 'script', 'model'],
};

function withRedis({ key, address, clustered }: CodeSubject, kind: PlainKind): string {
  const end = firstAddress(address);
  const place =
    'socket' in end
      ? `unix_socket_path=${pythonText(utf8(end.socket)) ?? '""'}`
      : `host=${pythonText(utf8(end.host)) ?? '""'}, port=${end.port}`;
  const type = clustered ? 'RedisCluster' : 'Redis';
  return [
    `from redis import ${type}`,
    '',
    `client = ${type}(${place})`,
    `value = client.${reads[kind](pythonBytes(key))}`,
    '',
  ].join('\n');
}

const reads: Readonly<Record<PlainKind, (key: string) => string>> = {
  string: (key) => `get(${key})`,
  hash: (key) => `hgetall(${key})`,
  list: (key) => `lrange(${key}, 0, 199)`,
  set: (key) => `smembers(${key})`,
  zset: (key) => `zrange(${key}, 0, 199, withscores=True)`,
  stream: (key) => `xrange(${key}, count=200)`,
};
