import assert from 'node:assert/strict';
import { defaultUser } from '../../../src/core/plan/defaultUser';
import { renderServerConfig } from '../../../src/core/plan/renderServerConfig';

const plain = { addresses: ['127.0.0.1'], port: 6780, loopback: true, conf: [] };

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
        `user ${defaultUser.map((word) => `"${word}"`).join(' ')}`,
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
