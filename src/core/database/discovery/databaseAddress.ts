import { isIP, isIPv4, isIPv6 } from 'node:net';
import path from 'node:path';
import { problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import { endpointText, type Endpoint } from '../../redis/wire/endpoint';

/** Where a database is, and as whom to connect. */
export interface DatabaseAddress {
  /** At least one, none twice. */
  readonly endpoints: readonly Endpoint[];
  readonly user?: string;
}

/** What people have written: an address, and perhaps what must not be kept with it. */
export interface WrittenAddress extends DatabaseAddress {
  readonly secret?: string;
}

/** SmartRedis takes no more. */
const mostEndpoints = 128;
const usualPort = 6379;
/** Bytes of the path of a socket: Node cuts longer ones without a word. */
const longestSocketPath = process.platform === 'darwin' ? 103 : 107;

/**
 * Reads an address as people write it: `host`, `host:port`, `[::1]:6379`, several of these with commas (as in `SSDB`), an
 * absolute path of a Unix socket, and all of it behind `redis://`, `rediss://` (TLS), `tcp://` or `unix://`, with `user:password@`
 * before the host. Problems never repeat what was written: it could be a password in the wrong place.
 */
export function parseAddress(text: string): Result<WrittenAddress> {
  const written = text.trim();
  if (written === '') return failure(problem('address-empty'));
  const [, scheme = '', afterScheme = written] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(written) ?? [];
  const kind = scheme.toLowerCase();
  if (!['', 'redis', 'rediss', 'tcp', 'unix'].includes(kind))
    return failure(problem('address-scheme-unknown', { scheme: kind.slice(0, 20) }));
  const identity = splitIdentity(afterScheme, kind);
  const { user, place } = identity;
  if (kind !== '' && place.includes('?')) return failure(problem('address-with-options'));
  if (user !== undefined && !isUserName(user)) return failure(problem('address-user-malformed'));
  const endpoints =
    kind === 'unix' || (kind === '' && place.startsWith('/'))
      ? socketAt(place)
      : serversAt(place, kind === 'rediss', kind.startsWith('redis'));
  if (!endpoints.ok) return endpoints;
  const { secret } = identity;
  return success({
    endpoints: endpoints.value,
    ...(user === undefined ? {} : { user }),
    ...(secret === undefined ? {} : { secret }),
  });
}

/** As `parseAddress` reads it: the same text for the same address, and never a secret in it. */
export function addressText({ endpoints, user }: DatabaseAddress): string {
  const [first] = endpoints;
  const identity = user === undefined ? '' : `${encodeURIComponent(user)}@`;
  if (first?.kind === 'socket') return identity === '' ? first.path : `unix://${identity}${first.path}`;
  const places = endpoints.map(endpointText).join(',');
  if (first?.tls !== undefined) return `rediss://${identity}${places}`;
  return identity === '' ? places : `redis://${identity}${places}`;
}

interface Identity {
  readonly user?: string;
  readonly secret?: string;
  /** What remains. */
  readonly place: string;
}

/** Takes `user:password@` off. The last `@` ends it, since passwords may have some themselves; but so may paths of sockets. */
function splitIdentity(text: string, scheme: string): Identity {
  const end = text.startsWith('/') ? -1 : scheme === 'unix' ? text.indexOf('@/') : text.lastIndexOf('@');
  if (end < 0) return { place: text };
  const decode = scheme === '' ? (part: string): string => part : decoded;
  const [name = '', ...rest] = text.slice(0, end).split(':');
  const user = decode(name);
  const secret = decode(rest.join(':'));
  return {
    place: text.slice(end + 1),
    ...(user === '' ? {} : { user }),
    ...(secret === '' ? {} : { secret }),
  };
}

/** People paste what should have been encoded as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Names with blanks cannot be told to a server; invisible characters would be written where nobody sees them. */
function isUserName(name: string): boolean {
  return /^[^\s\p{C}]{1,256}$/u.test(name);
}

function socketAt(place: string): Result<readonly Endpoint[]> {
  if (place.includes(',')) return failure(problem('address-socket-in-list'));
  if (!path.posix.isAbsolute(place)) return failure(problem('address-path-relative'));
  if (place.includes('\0')) return failure(problem('address-path-malformed'));
  if (Buffer.byteLength(place) > longestSocketPath)
    return failure(problem('address-path-too-long', { most: longestSocketPath }));
  return success([{ kind: 'socket', path: place }]);
}

function serversAt(place: string, tls: boolean, mayNameDatabase: boolean): Result<readonly Endpoint[]> {
  const [, list = place, database = ''] = (mayNameDatabase ? /^([^/]*)\/(.*)$/s.exec(place) : null) ?? [];
  if (database !== '' && database !== '0') return failure(problem('address-database-number'));
  const parts = list.split(',');
  if (parts.length > mostEndpoints) return failure(problem('address-too-many', { most: mostEndpoints }));
  const servers = new Map<string, Endpoint>();
  for (const [index, part] of parts.entries()) {
    const server = serverAt(part.trim().replace(/^tcp:\/\//i, ''), index + 1);
    if (!server.ok) return server;
    servers.set(endpointText(server.value), tls ? { ...server.value, tls: {} } : server.value);
  }
  return success([...servers.values()]);
}

type Server = Extract<Endpoint, { kind: 'tcp' }>;

/** `entry`: its number in the list, from one. */
function serverAt(part: string, entry: number): Result<Server> {
  if (part.startsWith('unix://') || part.startsWith('/')) return failure(problem('address-socket-in-list'));
  if (isIPv6(part)) return failure(problem('address-without-brackets', { entry }));
  const [, bracketed, named, portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(part) ?? [];
  const host = bracketed === undefined ? hostName(named ?? '') : ipv6(bracketed);
  if (host === undefined) return failure(problem('address-host-malformed', { entry }));
  const port = portText === undefined ? usualPort : portNumber(portText);
  if (port === undefined) return failure(problem('address-port-malformed', { entry }));
  return success({ kind: 'tcp', host, port });
}

function hostName(text: string): string | undefined {
  const name = text.toLowerCase();
  if (/^[\d.]+$/.test(name)) return isIPv4(name) ? name : undefined;
  return /^[a-z0-9_](?:[a-z0-9._-]{0,252}[a-z0-9_.])?$/.test(name) ? name : undefined;
}

/** Names of zones (`%eth0`) keep their case. */
function ipv6(text: string): string | undefined {
  const [address = '', ...zone] = text.split('%');
  const [name] = zone;
  if (zone.length > 1 || (name !== undefined && !/^[\w.-]{1,64}$/.test(name))) return undefined;
  if (isIP(address) !== 6) return undefined;
  return [address.toLowerCase(), ...zone].join('%');
}

function portNumber(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
