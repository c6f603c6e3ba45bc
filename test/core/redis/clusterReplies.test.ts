import assert from 'node:assert/strict';
import { parseClusterNodes, parseClusterState } from '../../../src/core/redis/clusterReplies';
import { UnexpectedReply } from '../../../src/core/redis/redisFailure';

const id = (digit: string): string => digit.repeat(40);

describe('parseClusterNodes', () => {
  it('reads a node and what it knows of others', () => {
    const reply = [
      `${id('a')} 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460`,
      `${id('b')} 127.0.0.1:7001@17001,login1 master - 0 1700000000000 2 connected 5461-5999 6001 6003-10922 [93-<-${id('c')}]`,
      `${id('c')} 127.0.0.1:7002@17002 handshake - 0 0 0 connected`,
      `${id('d')} 127.0.0.1:7003@17003 master,fail? - 1 0 3 disconnected`,
      `${id('e')} 127.0.0.1:7004@17004 master,fail - 1 0 4 disconnected 10923-16383`,
      '',
    ].join('\n');
    assert.deepEqual(
      parseClusterNodes(reply).map((node) => [node.port, node.myself, node.state, node.epoch, node.slots]),
      [
        [7000, true, 'ok', 1, [[0, 5460]]],
        [
          7001,
          false,
          'ok',
          2,
          [
            [5461, 5999],
            [6001, 6001],
            [6003, 10_922],
          ],
        ],
        [7002, false, 'handshake', 0, []],
        [7003, false, 'suspected', 3, []],
        [7004, false, 'failed', 4, [[10_923, 16_383]]],
      ],
    );
  });

  it('reads the address of a node that does not know its own yet', () => {
    const [node] = parseClusterNodes(`${id('a')} :7000@17000 myself,master - 0 0 0 connected\n`);
    assert.deepEqual([node?.host, node?.port], ['', 7000]);
  });

  it('refuses what no node says', () => {
    for (const reply of [17, null, 'nonsense\n', `${id('a')} 127.0.0.1:7000 myself - 0 0 1 connected x-y\n`])
      assert.throws(() => parseClusterNodes(reply), UnexpectedReply);
  });
});

describe('parseClusterState', () => {
  it('reads what a node says of its cluster', () => {
    const reply =
      'cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_known_nodes:3\r\ncluster_size:3\r\n';
    assert.deepEqual(parseClusterState(reply), { ok: true, knownNodes: 3, assignedSlots: 16_384 });
    assert.equal(parseClusterState(reply.replace(':ok', ':fail')).ok, false);
    assert.throws(() => parseClusterState('cluster_state:ok\r\n'), UnexpectedReply);
  });
});
