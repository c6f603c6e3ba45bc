import { compareBytes } from '../names/compareBytes';

/** As people count: `step_2` before `step_10`. Equal only where all bytes are. */
export function compareNaturally(a: Uint8Array, b: Uint8Array): number {
  let left = 0;
  let right = 0;
  while (left < a.length && right < b.length) {
    const leftDigits = digitsFrom(a, left);
    const rightDigits = digitsFrom(b, right);
    if (leftDigits > 0 && rightDigits > 0) {
      const difference = compareNumbers(
        a.subarray(left, left + leftDigits),
        b.subarray(right, right + rightDigits),
      );
      if (difference !== 0) return difference;
      left += leftDigits;
      right += rightDigits;
    } else {
      const difference = (a[left] ?? 0) - (b[right] ?? 0);
      if (difference !== 0) return difference;
      left++;
      right++;
    }
  }
  return a.length - left - (b.length - right) || compareBytes(a, b);
}

function digitsFrom(name: Uint8Array, from: number): number {
  let at = from;
  for (; at < name.length; at++) {
    const byte = name[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) break;
  }
  return at - from;
}

/** Numbers of any length, by their digits. */
function compareNumbers(a: Uint8Array, b: Uint8Array): number {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return left.length - right.length || compareBytes(left, right);
}

function withoutZeros(digits: Uint8Array): Uint8Array {
  const first = digits.findIndex((byte) => byte !== 0x30);
  return first < 0 ? digits.subarray(digits.length) : digits.subarray(first);
}
