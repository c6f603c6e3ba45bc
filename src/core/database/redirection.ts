import type { RedisRefusal } from '../redis/redisFailure';
import type { Endpoint } from '../redis/wire/endpoint';
import { isPort, neighbour } from './topology';

/** A server that has a key no more (`moved`), or not yet all of its slot's keys (`ask`), names another one. */
export interface Redirection {
  readonly kind: 'moved' | 'ask';
  readonly endpoint: Endpoint;
}

/** Reads a refusal: `MOVED 3999 127.0.0.1:6381`, `ASK 3999 [::1]:6381`; undefined where it is another. `asked` is who said it. */
export function redirectionOf({ message }: RedisRefusal, asked: Endpoint): Redirection | undefined {
  const [, kind, host = '', port] = /^(MOVED|ASK) \d+ (.*):(\d{1,5})$/.exec(message) ?? [];
  if (kind === undefined || !isPort(Number(port))) return undefined;
  const name = host === '?' ? '' : host.replace(/^\[(.*)\]$/, '$1');
  return { kind: kind === 'ASK' ? 'ask' : 'moved', endpoint: neighbour(asked, name, Number(port)) };
}
