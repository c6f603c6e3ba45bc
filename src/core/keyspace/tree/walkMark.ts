/**
 * Where a walk through a folder goes on. `special`: behind the n-th of the rows that stand before all others. `after`: behind a
 * name. `behind`: behind all that begins so. `model`: at what begins so, of which the AI model beside it was given.
 */
export interface WalkMark {
  readonly kind: 'special' | 'after' | 'behind' | 'model';
  readonly bytes: Uint8Array;
}
