// What DUMP gives and RESTORE takes: a value as in an RDB file, two bytes of version, and a checksum over all of it.

/** CRC-64 as Redis has it: Jones' polynomial, reflected. */
const table = Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n;
  return crc;
});

export function crc64(bytes: Uint8Array): bigint {
  let crc = 0n;
  for (const byte of bytes) crc = table[Number(crc & 255n) ^ byte]! ^ (crc >> 8n);
  return crc;
}

const checksumBytes = 8;

/** The same bytes with the checksum at the end made right: a reader gets to see what was changed. */
export function withChecksum(bytes: Uint8Array): Uint8Array {
  const whole = bytes.slice();
  const body = whole.subarray(0, whole.length - checksumBytes);
  new DataView(whole.buffer).setBigUint64(body.length, crc64(body), true);
  return whole;
}

/** In a payload of a module's value: behind the kind of value and the mark of a 64-bit number. */
const moduleIdAt = 2;

/** The same payload as if the module's type had this encoding version, which is the low ten bits of the type's number. */
export function withEncoding(payload: Uint8Array, encoding: number, at = moduleIdAt): Uint8Array {
  const whole = payload.slice();
  const view = new DataView(whole.buffer);
  view.setBigUint64(at, (view.getBigUint64(at) & ~1023n) | BigInt(encoding));
  return withChecksum(whole);
}
