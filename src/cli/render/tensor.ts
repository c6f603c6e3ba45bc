import type { ElementValue } from '../../core/tensor/elementValues';
import { printableLine } from './printable';

/** A tensor as `--json` tells it; part of the product. */
export interface TensorJson {
  readonly run: string;
  readonly orchestrator: string;
  readonly shard: string;
  readonly key: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** Absent where each element has its own. */
  readonly bytes?: number;
  /** The file that was written or read. */
  readonly path?: string;
  /** The first elements, in the order of rows. */
  readonly values?: readonly ElementValue[];
}

/** A tensor for people: what it is, and below it its first values or the file that it lies in. */
export function renderTensor({ key, type, shape, bytes, shard, path, values }: TensorJson): string {
  const size = bytes === undefined ? '' : `, ${bytes} bytes`;
  const head = `${printableLine(key)}: ${type} ${shape.length === 0 ? 'scalar' : shape.join(' × ')}${size}, in ${shard}\n`;
  if (path !== undefined) return `${head}${printableLine(path)}\n`;
  if (values === undefined) return head;
  const count = shape.reduce((all, length) => all * length, 1);
  const more = count > values.length ? `… (${values.length} of ${count} values)\n` : '';
  return `${head}${values.map((value) => `${printableLine(String(value))}\n`).join('')}${more}`;
}
