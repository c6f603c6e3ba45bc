import type { NameRange } from '../names/nameRange';
import { deviceBaseOf, devicePrefixOf, isDigit } from './keyGrammar';

/** Keys `name.GPU:n` of an AI model on several devices; a thousand at most. */
export function deviceKeys(within: NameRange, base: Uint8Array): Uint8Array[] {
  const device = devicePrefixOf(base);
  const keys: Uint8Array[] = [];
  let range = within.below(device);
  for (;;) {
    const name = range.first;
    if (name === undefined) return keys;
    if (deviceBaseOf(name)?.length === base.length) {
      keys.push(name.slice());
      range = range.after(name);
    } else {
      // Nothing that begins like this is a number of a device.
      const digits = name.subarray(device.length, device.length + 4).findIndex((byte) => !isDigit(byte));
      range = range.behind(name.slice(0, device.length + (digits < 0 ? 4 : digits + 1)));
    }
  }
}
