import type { KeyDetails } from '../details/keyDetails';
import { visibleWord } from './visibleText';

/** What is known of a key whose value is not shown, in lines. */
export function detailLines({ kind, type = '', model }: KeyDetails): readonly string[] {
  if (kind === 'module') return [`# ${visibleWord(type)}: values of this type are not known here`, ''];
  const facts = Object.entries(model ?? {}).map(([name, value]) => {
    const words: readonly (string | number)[] = Array.isArray(value) ? value : [value as string | number];
    return `${names[name] ?? name}: ${words.map((word) => visibleWord(String(word))).join(', ')}`;
  });
  return [kind === 'script' ? '# script' : '# model', ...facts, ''];
}

const names: Readonly<Record<string, string>> = {
  backend: 'backend',
  device: 'device',
  tag: 'tag',
  entryPoints: 'entry points',
  batchSize: 'batch size',
  minBatchSize: 'least batch size',
  minBatchTimeout: 'milliseconds that a batch waits',
  inputs: 'inputs',
  outputs: 'outputs',
};
