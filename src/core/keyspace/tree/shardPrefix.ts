/** The polynomial of CRC16, with its highest bit. */
const polynomial = 0x11021n;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * What SmartRedis puts between braces so that a key lands in a slot: two bytes, or three where two would have a brace among
 * them. Their CRC16 is the slot: the remainder of a division, which is made whole again bit by bit.
 */
export function shardPrefix(slot: number): Uint8Array {
  let dividend = BigInt(slot);
  let bits = 0;
  const clearTo = (more: number): void => {
    for (; bits < more; bits++) if ((dividend >> BigInt(bits)) & 1n) dividend ^= polynomial << BigInt(bits);
  };
  clearTo(16);
  for (;;) {
    const bytes = bytesAbove(dividend, Math.ceil(bits / 8));
    if (!bytes.includes(openingBrace) && !bytes.includes(closingBrace)) return bytes;
    if (bits > 24) throw new RangeError(`No prefix of three bytes has the slot ${slot}.`);
    clearTo(bits + 1);
  }
}

/** The bytes above the lowest 16 bits, the highest first. */
function bytesAbove(dividend: bigint, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) =>
    Number((dividend >> BigInt(16 + 8 * (count - 1 - index))) & 0xffn),
  );
}
