// Servers full of keys, alone or as a cluster, for measurements.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineFile } from '../scripts/engine.mjs';

const slotOf = createRequire(import.meta.url)('cluster-key-slot');

const slots = 16_384;
const firstSlot = (shard, shards) => Math.floor((shard * slots) / shards);

/** Names of 36 bytes, made in the server: every command there is one of a thousandth of them. */
const filling = `
  local tags = {}
  for tag in string.gmatch(ARGV[1], '[^,]+') do tags[#tags + 1] = tag end
  for i = tonumber(ARGV[2]), tonumber(ARGV[3]) do
    local name = string.format('{%s}rank_%05d.field_step_%010d', tags[i % #tags + 1], i % 1000, i)
    if i % 4 == 0 then redis.call('HSET', name, 'field', 'value')
    elseif i % 4 == 1 then redis.call('AI.TENSORSET', name, 'FLOAT', 2, 2, 'VALUES', 1, 2, 3, 4)
    else redis.call('SET', name, 'value') end
  end
  return redis.call('DBSIZE')`;
const chunk = 20_000;

/** Servers with so many keys together: of four one is a hash, one a tensor, two are strings. */
export async function withKeys(shards, keys, act) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'ssw-bench-'));
  const first = 20_000 + (process.pid % 8000);
  const ports = Array.from({ length: shards }, (_, shard) => first + shard);
  const servers = ports.map((port) =>
    spawn(
      'redis-server',
      [
        ...['--port', String(port), '--dir', directory, '--save', '', '--loadmodule', engineFile],
        ...(shards === 1 ? [] : ['--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${port}.conf`]),
      ],
      { stdio: 'ignore' },
    ),
  );
  try {
    for (const port of ports) await untilItSays(port, ['PING'], 'PONG');
    if (shards > 1) await formCluster(ports);
    for (const [shard, port] of ports.entries()) fill(port, shard, shards, keys);
    await act(ports);
  } finally {
    await Promise.all(
      servers.map(async (server) => {
        const gone = once(server, 'exit');
        server.kill('SIGKILL');
        await gone;
      }),
    );
    rmSync(directory, { recursive: true, force: true });
  }
}

async function formCluster(ports) {
  for (const [shard, port] of ports.entries()) {
    ask(
      port,
      'CLUSTER',
      'ADDSLOTSRANGE',
      firstSlot(shard, ports.length),
      firstSlot(shard + 1, ports.length) - 1,
    );
    ask(port, 'CLUSTER', 'SET-CONFIG-EPOCH', shard + 1);
    if (shard > 0) ask(ports[0], 'CLUSTER', 'MEET', '127.0.0.1', port);
  }
  for (const port of ports) await untilItSays(port, ['CLUSTER', 'INFO'], 'cluster_state:ok');
}

/** Fills the shard of a cluster of `shards`, or a server alone, with its part of the keys. */
export function fill(port, shard, shards, keys) {
  const tags = tagsOf(shard, shards).join(',');
  const [from, to] = [Math.floor((shard * keys) / shards), Math.floor(((shard + 1) * keys) / shards)];
  for (let begin = from; begin < to; begin += chunk)
    ask(port, 'EVAL', filling, 0, tags, begin, Math.min(to, begin + chunk) - 1);
}

/** Hash tags of two letters that belong to a shard. */
function tagsOf(shard, shards) {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  return letters
    .flatMap((one) => letters.map((other) => one + other))
    .filter((tag) => {
      const slot = slotOf(tag);
      return slot >= firstSlot(shard, shards) && slot < firstSlot(shard + 1, shards);
    })
    .slice(0, 64);
}

function ask(port, ...words) {
  return execFileSync('redis-cli', ['-p', port, ...words].map(String), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function untilItSays(port, words, wanted) {
  for (let tries = 0; tries < 1000; tries++) {
    try {
      if (ask(port, ...words).includes(wanted)) return;
    } catch {
      // It does not listen yet.
    }
    await delay(10);
  }
  throw new Error(`The server at port ${port} does not say ${wanted}.`);
}
