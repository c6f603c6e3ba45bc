import calculateSlot from 'cluster-key-slot';

/** The slot of a cluster to which a key belongs. */
export function slotOfKey(key: string | Uint8Array): number {
  return calculateSlot(typeof key === 'string' ? key : Buffer.from(key.buffer, key.byteOffset, key.length));
}
