import path from 'node:path';
import { orchestratorEntries } from '../entries';
import type { Check } from './check';

/** Bytes: systems cut or refuse longer ones. */
const longestPath = 100;

/** SmartRedis refuses an SSDB with other characters, and takes a comma for the end of an address. */
const allowed = /^[a-zA-Z0-9.:_/-]*$/;

/** A Unix socket is one server's own, at a path that the system and the clients can use. */
export const validUnixSockets: Check = (file, report, document) => {
  const folder = path.dirname(document.file);
  const taken = new Map<string, string>();
  for (const { identifier, path: at, section } of orchestratorEntries(file)) {
    const { unix_socket: written, socket_permissions: permissions, db_nodes: shards = 1 } = section;
    if (permissions !== undefined && !/^[67][0-7]{2}$/.test(String(permissions)))
      report('invalid-socket-permissions', [...at, 'socket_permissions'], { permissions });
    if (written === undefined) {
      if (permissions !== undefined) report('permissions-without-socket', [...at, 'socket_permissions']);
      continue;
    }
    const socketAt = [...at, 'unix_socket'];
    const socket = path.resolve(folder, written);
    const other = taken.get(socket);
    taken.set(socket, identifier);
    if (shards > 1) report('unix-socket-of-cluster', socketAt, { shards }, 'key');
    if (other !== undefined)
      report('unix-socket-given-twice', socketAt, { other, orchestrator: identifier, path: socket });
    if (!allowed.test(socket)) report('unix-socket-characters', socketAt, { path: socket });
    const bytes = Buffer.byteLength(socket);
    if (bytes > longestPath)
      report('unix-socket-too-long', socketAt, { path: socket, bytes, maximum: longestPath });
  }
};
