import type { NameRange } from '../names/nameRange';
import { deviceBaseOf, devicePrefixOf, isDigit } from './keyGrammar';

/** Keys `name.GPU:n` of an AI model on several devices; a thousand at most. */
export function deviceKeys(within: NameRange, base: Uint8Array): Uint8Array[] {
  const device = devicePrefixOf(base);
  const keys: Uint8Array[] = [];
  let range = within.below(device);
  for (;;) {
    const name = range.first?.slice();
    if (name === undefined) return keys;
    if (deviceBaseOf(name)?.length === base.length) {
      keys.push(name);
      range = range.behindFirst;
    } else if (name.length === device.length) {
      range = range.behindFirst;
    } else {
      // Nothing that begins like this is the number of a device.
      const start = name.subarray(device.length, device.length + 4);
      const other = start.findIndex((byte) => !isDigit(byte));
      range = range.behind(name.subarray(0, device.length + (other < 0 ? start.length : other + 1)));
    }
  }
}
