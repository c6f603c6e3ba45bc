import { joinBytes } from '../base/bytes';
import { failure, success, type Result } from '../base/result';
import type { Database } from '../database/database';
import { RedisRefusal } from '../redis/redisFailure';
import { datasetNameOf } from '../keyspace/tree/keyGrammar';
import type { Reply, Words } from '../redis/wire/reply';
import { askTogether } from './askTogether';
import type { KeyDetails } from './details/keyDetails';
import { readDetails } from './details/readDetails';
import { missingRight, reasonOf } from './refusal';
import { unanswered } from './unanswered';
import type { Server } from './server';
import { pairsIn, scanned } from './texts/collection';
import { datasetLines, tensorNamesIn } from './texts/datasetText';
import { mostElements, type ValueText } from './texts/valueText';

/** Bytes of the names of tensors, and of all fields as the server holds them, that are read. */
const mostMetadata = 8 * 1024 ** 2;

const marks = new Set(['.COMPLETE', '.tensor_names']);

/** Metadata of a dataset, decoded, and what its tensors are. Throws a RedisFailure. */
export async function readDataset(
  database: Database,
  server: Server,
  details: KeyDetails,
): Promise<Result<ValueText>> {
  const { key, length } = details;
  const [memory, namesLength = null] = await server.askAll([
    ['MEMORY', 'USAGE', key, 'SAMPLES', '5'],
    ['HSTRLEN', key, '.tensor_names'],
  ]);
  const tooLarge = typeof memory === 'number' && memory > mostMetadata;
  const count = tooLarge ? 1 : mostElements;
  const namesFit = typeof namesLength === 'number' && namesLength > 0 && namesLength <= mostMetadata;
  const read: Words = ['HSCAN', key, '0', 'COUNT', String(count)];
  const { replies } = await askTogether(server, [
    read,
    ...(namesFit ? [['HGET', key, '.tensor_names'] as const] : []),
  ]);
  const [page = null, names = null] = replies;
  if (page === null || page instanceof RedisRefusal) return failure(unanswered(key, 'HSCAN', page));
  const fields = pairsIn(scanned(page))
    .filter(([name]) => !marks.has(Buffer.from(name).toString('latin1')))
    .sort(([a], [b]) => Buffer.compare(a, b))
    .slice(0, mostElements);
  const tensorNames = names instanceof Uint8Array ? names : undefined;
  const tensors = tensorNames === undefined ? [] : await tensorsOf(database, key, tensorNames);
  const all =
    length === undefined
      ? undefined
      : Math.max(0, length - (namesFit ? 1 : 0) - Number(details.complete === true));
  const partial = all === undefined || fields.length < all;
  const complete = details.complete === true;
  const missing = new Set([
    ...details.missing,
    ...rightsMissing(namesLength, 'HSTRLEN'),
    ...rightsMissing(names, 'HGET'),
    ...tensors.flatMap((tensor) => tensor.missing),
  ]);
  // Whether the field is there was not told, or it is too large.
  const namesUnread = tensorNames === undefined && namesLength !== 0;
  const name = datasetNameOf(datasetPrefixIn(key));
  const lines = datasetLines({ name, complete, tensorNames, namesUnread, fields, tensors });
  const more = partial ? [`  … ${fields.length} of ${all ?? 'more'} fields`] : [];
  return success({
    text: [...lines, ...more, ''].join('\n'),
    language: 'plaintext',
    partial,
    missing: [...missing],
  });
}

function rightsMissing(reply: Reply, command: string): readonly string[] {
  return reply instanceof RedisRefusal && reasonOf(reply) === 'right' ? [missingRight(reply, command)] : [];
}

/** What lies under the names that a dataset gives to its tensors: `…{name}.tensor`. They share its slot, which may be half moved. */
async function tensorsOf(
  database: Database,
  key: Uint8Array,
  value: Uint8Array,
): Promise<readonly KeyDetails[]> {
  const names = tensorNamesIn(value);
  if (typeof names === 'string') return [];
  const prefix = datasetPrefixIn(key);
  return readDetails(
    database,
    names.slice(0, mostElements).map((name) => joinBytes([prefix, name])),
  );
}

/** `…{name}.` of `…{name}.meta`. */
function datasetPrefixIn(metadataKey: Uint8Array): Uint8Array {
  return metadataKey.subarray(0, -'meta'.length);
}
