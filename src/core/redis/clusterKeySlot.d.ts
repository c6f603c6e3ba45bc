/** The package brings no types of its own. */
declare module 'cluster-key-slot' {
  /** The slot of a key, 0 to 16383: CRC16 of the key, or of its hash tag. */
  export default function calculateSlot(key: string | Buffer): number;
}
