import assert from 'node:assert/strict';
import { defaultUser } from '../../../src/core/plan/defaultUser';
import { renderServerConfig } from '../../../src/core/plan/renderServerConfig';

const plain = { addresses: ['127.0.0.1'], port: 6780, loopback: true, conf: [], clientConfig: false };

describe('renderServerConfig', () => {
  it('renders exactly this', () => {
    assert.equal(
      renderServerConfig(plain).text,
      [
        'bind "127.0.0.1"',
        'port "6780"',
        'protected-mode "yes"',
        'tcp-backlog "4096"',
        'daemonize "no"',
        'set-proc-title "no"',
        'loglevel "notice"',
        'logfile ""',
        'dir "./"',
        'save ""',
        'appendonly "no"',
        'proto-max-bulk-len "68719476736"',
        'client-query-buffer-limit "68720525312"',
        `user ${defaultUser({ clientConfig: false })
          .map((word) => `"${word}"`)
          .join(' ')}`,
        '',
      ].join('\n'),
    );
  });

  it('puts the user directives last and remembers where they came from', () => {
    const at = ['orchestrator', 'conf', 'maxclients'];
    const { text, lines } = renderServerConfig({
      ...plain,
      maxMemory: 1024,
      conf: [{ at, name: 'maxclients', args: ['5000'] }],
    });
    assert.equal(text.split('\n')[14], 'maxmemory "1024"');
    assert.deepEqual(lines, [{ line: 16, at }]);
    assert.equal(text.split('\n')[16 - 1], 'maxclients "5000"');
  });

  it('gives a module to the server, and to everybody what clients need of it', () => {
    const module = { path: '/ä b/engine.so', args: ['THREADS_PER_QUEUE', '2'] };
    const lines = renderServerConfig({ ...plain, module }).text.split('\n');
    assert.equal(lines[13], 'loadmodule "/ä b/engine.so" "THREADS_PER_QUEUE" "2"');
    assert.match(lines[14] ?? '', / "-ai\.config" "\+ai\.config\|get" "\+ai\.config\|model_chunk_size"$/);
  });

  it('makes a socket with its permissions', () => {
    const unixSocket = { path: '/tmp/x/redis.socket', permissions: '770' };
    const { text } = renderServerConfig({ ...plain, unixSocket });
    assert.match(text, /\nunixsocket "\/tmp\/x\/redis\.socket"\nunixsocketperm "770"\n/);
  });

  it('lets clients configure only where the file says so', () => {
    assert.doesNotMatch(renderServerConfig(plain).text, /config\|set/);
    assert.match(renderServerConfig({ ...plain, clientConfig: true }).text, / "\+config\|set"\n/);
  });

  it('lets no value end its word or its line', () => {
    const hostile = ['a b', '"', '\\', 'x"\nport 1\n', '\0', '', "it's", 'größe', '# no comment'];
    const { text } = renderServerConfig({ ...plain, conf: [{ at: [], name: 'masterauth', args: hostile }] });
    assert.equal(
      text.split('\n').at(-2),
      String.raw`masterauth "a b" "\"" "\\" "x\"\x0aport 1\x0a" "\x00" "" "it's" "größe" "# no comment"`,
    );
  });

  it('lets no name be anything but a name', () => {
    const conf = [{ at: [], name: 'x\nport 1', args: [] }];
    assert.equal(
      renderServerConfig({ ...plain, conf })
        .text.split('\n')
        .at(-2),
      String.raw`"x\x0aport 1"`,
    );
  });
});
