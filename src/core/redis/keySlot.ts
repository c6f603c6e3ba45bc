import calculateSlot from 'cluster-key-slot';

/** The slot of a cluster to which a key belongs. */
export function slotOfKey(key: Uint8Array): number {
  return calculateSlot(Buffer.from(key.buffer, key.byteOffset, key.length));
}
