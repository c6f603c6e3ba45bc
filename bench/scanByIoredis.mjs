// What a program would do with the usual client: `node scanByIoredis.mjs names|details TIMES PORT...` prints figures as JSON.
import { Redis } from 'ioredis';

const [what, times, ...ports] = process.argv.slice(2);

async function namesOf(client, take) {
  const names = [];
  let cursor = '0';
  do {
    const [next, page] = await client.scanBuffer(cursor, 'COUNT', 1000);
    await take(page);
    for (const name of page) names.push(name);
    cursor = next.toString();
  } while (cursor !== '0');
  return names;
}

/** Kind and size of each name: one round trip for a page. */
async function typesAndSizes(client, page) {
  const pipeline = client.pipeline();
  for (const name of page) pipeline.type(name).call('MEMORY', 'USAGE', name);
  await pipeline.exec();
}

const clients = ports.map((port) => new Redis({ port: Number(port), lazyConnect: true }));
await Promise.all(clients.map((client) => client.connect()));
let begun = 0;
let names = 0;
for (let time = 0; time < Number(times); time++) {
  if (time === Number(times) >> 1) begun = performance.now();
  const all = await Promise.all(
    clients.map((client) =>
      namesOf(client, (page) => (what === 'details' ? typesAndSizes(client, page) : undefined)),
    ),
  );
  names = all.reduce((sum, { length }) => sum + length, 0);
}
console.log(JSON.stringify({ seconds: (performance.now() - begun) / 1e3, names }));
for (const client of clients) client.disconnect();
