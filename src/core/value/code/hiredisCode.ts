import { utf8 } from '../../base/bytes';
import { firstAddress } from './firstAddress';
import { cLiteral } from './literals';
import type { CodeSubject, PlainKind } from './subject';

/** A program in C or C++ with hiredis, Redis' own client. `cast`: what C++ wants before an untyped pointer. */
export function hiredisCode({ key, address, clustered }: CodeSubject, kind: PlainKind, cast: string): string {
  const end = firstAddress(address);
  const connect =
    'socket' in end
      ? `redisConnectUnix(${cLiteral(utf8(end.socket))})`
      : `redisConnect(${cLiteral(utf8(end.host))}, ${end.port})`;
  const reply = `redisCommand(context, ${cLiteral(utf8(commands[kind]))}, ${cLiteral(key)}, (size_t)${key.length})`;
  return [
    '#include <hiredis/hiredis.h>',
    '',
    ...(clustered ? ['/* In a cluster, connect to the shard that has the key. */'] : []),
    'int main(void) {',
    `  redisContext* context = ${connect};`,
    '  if (context == NULL || context->err) return 1;',
    `  redisReply* reply = ${cast === '' ? reply : `${cast}(${reply})`};`,
    '  if (reply == NULL || reply->type == REDIS_REPLY_ERROR) return 1;',
    '  freeReplyObject(reply);',
    '  redisFree(context);',
    '  return 0;',
    '}',
    '',
  ].join('\n');
}

const commands: Readonly<Record<PlainKind, string>> = {
  string: 'GET %b',
  hash: 'HGETALL %b',
  list: 'LRANGE %b 0 199',
  set: 'SMEMBERS %b',
  zset: 'ZRANGE %b 0 199 WITHSCORES',
  stream: 'XRANGE %b - + COUNT 200',
};
