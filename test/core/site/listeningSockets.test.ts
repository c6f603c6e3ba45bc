import assert from 'node:assert/strict';
import os from 'node:os';
import { parseSockets } from '../../../src/core/site/listeningSockets';

// Rows as Linux 6.1 on x86 wrote them: a listener on loopback, one for all addresses, a connection.
const ipv4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 92101 1 0000000000000000 100 0 0 10 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13370 1 0000000000000000 100 0 0 10 0
   2: 0100007F:18EB 0100007F:D2F4 01 00000000:00000000 00:00000000 00000000  1000        0 92555 1 0000000000000000 20 4 30 10 -1
`;
const ipv6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 778 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 779 1 0000000000000000 100 0 0 10 0
`;

describe('parseSockets', () => {
  before(() => {
    assert.equal(os.endianness(), 'LE', 'the recorded rows are those of a little-endian machine');
  });

  it('takes listeners only, with address, port, user and inode', () => {
    assert.deepEqual(parseSockets(ipv4), [
      { address: '127.0.0.1', port: 6379, inode: '92101', userId: 1000 },
      { address: 'any', port: 22, inode: '13370', userId: 0 },
    ]);
  });

  it('tells what IPv6 listeners mean for IPv4', () => {
    assert.deepEqual(
      parseSockets(ipv6).map(({ address, port }) => [address, port]),
      [
        ['any', 8080],
        ['other', 8081],
        ['127.0.0.1', 8082],
      ],
    );
  });
});
