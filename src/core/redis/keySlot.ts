import calculateSlot from 'cluster-key-slot';

/** The slot of a cluster to which a key belongs. */
export function slotOfKey(key: string): number {
  return calculateSlot(key);
}
