import { createServer, type Server } from 'node:net';

/**
 * A server that takes connections and says nothing, for tests in which somebody has a port. It reads, so that a
 * connection ends with its other side: one that is left open would keep the tests from ending.
 */
export function silentServer(): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined).resume();
  });
}
