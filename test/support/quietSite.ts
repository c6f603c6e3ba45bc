import type { Site, SiteQuestions } from '../../src/core/site/site';

/** A machine where everything that is asked for is there: a starting point for plans. */
export function quietSite(questions: SiteQuestions): Site {
  return {
    host: 'login1',
    networkInterfaces: [
      { name: 'lo', address: '127.0.0.1', loopback: true },
      { name: 'ib0', address: '10.1.2.3', loopback: false },
      { name: 'eth9', loopback: false },
    ],
    servers: [
      {
        kind: 'usable',
        server: { origin: 'path', path: '/usr/bin/redis-server', engine: 'redis', version: '7.0.15' },
      },
    ],
    aiModules: [
      {
        kind: 'usable',
        module: { provider: 'builtin', origin: 'bundled', path: '/opt/ssw/engine.so', version: '0.1.0' },
      },
    ],
    ports: questions.ports.map(({ port, servers }) => ({
      kind: 'free',
      ports: Array.from({ length: servers }, (_, index) => (port === 'auto' ? 23456 : port) + index),
    })),
    executables: new Map(
      questions.executables.map((name) => [
        name,
        { kind: 'found', path: name.startsWith('/') ? name : `/usr/bin/${name.replace('./', '')}` },
      ]),
    ),
    files: new Map(questions.files.map((file) => [file, file.endsWith('/tables') ? 'directory' : 'file'])),
    directories: new Map(
      questions.directories.map((directory) => [directory, { nearest: '/', kind: 'writable' }]),
    ),
  };
}
