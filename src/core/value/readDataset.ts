import { joinBytes, utf8 } from '../base/bytes';
import { failure, success, type Result } from '../base/result';
import { RedisRefusal } from '../redis/redisFailure';
import type { Words } from '../redis/wire/reply';
import { askTogether } from './askTogether';
import type { KeyDetails } from './details/keyDetails';
import { detailsBy } from './details/readDetails';
import { unanswered } from './unanswered';
import type { Server } from './server';
import { pairsIn, scanned } from './texts/collection';
import { datasetLines, tensorNamesIn } from './texts/datasetText';
import { mostElements, type ValueText } from './texts/valueText';

/** Bytes of the names of tensors, and of all fields as the server holds them, that are read. */
const mostMetadata = 8 * 1024 ** 2;

const marks = new Set(['.COMPLETE', '.tensor_names']);

/** Metadata of a dataset, decoded, and what its tensors are. Throws a RedisFailure. */
export async function readDataset(server: Server, details: KeyDetails): Promise<Result<ValueText>> {
  const { key, length } = details;
  const [memory, namesLength] = await server.askAll([
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
  const [page = null, names] = replies;
  if (page === null || page instanceof RedisRefusal) return failure(unanswered(key, 'HSCAN', page));
  const fields = pairsIn(scanned(page))
    .filter(([name]) => !marks.has(Buffer.from(name).toString('latin1')))
    .sort(([a], [b]) => Buffer.compare(a, b))
    .slice(0, mostElements);
  const tensorNames = names instanceof Uint8Array ? names : undefined;
  const tensors = tensorNames === undefined ? [] : await tensorsOf(server, key, tensorNames);
  const all =
    length === undefined
      ? undefined
      : Math.max(0, length - (namesFit ? 1 : 0) - Number(details.complete === true));
  const partial = all === undefined || fields.length < all;
  const complete = details.complete === true;
  const lines = datasetLines({ name: datasetName(key), complete, tensorNames, fields, tensors });
  const more = partial ? [`  … ${fields.length} of ${all ?? 'more'} fields`] : [];
  return success({
    text: [...lines, ...more, ''].join('\n'),
    language: 'plaintext',
    partial,
    missing: details.missing,
  });
}

/** What lies under the names that a dataset gives to its tensors: `…{name}.tensor`. They share its slot. */
async function tensorsOf(server: Server, key: Uint8Array, value: Uint8Array): Promise<readonly KeyDetails[]> {
  const names = tensorNamesIn(value);
  if (typeof names === 'string') return [];
  const prefix = key.subarray(0, key.length - utf8('meta').length);
  return detailsBy(
    (questions) => server.askAll(questions.map(({ words }) => words)),
    names.slice(0, mostElements).map((name) => joinBytes([prefix, name])),
  );
}

/** As SmartRedis programs call it: what stands between the last braces. */
function datasetName(key: Uint8Array): Uint8Array {
  return key.subarray(key.indexOf(0x7b) + 1, key.length - '}.meta'.length);
}
