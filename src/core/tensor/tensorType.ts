/** Element types of tensors, by the names that RedisAI gives them, and the bytes of an element. */
export const elementBytes = {
  FLOAT: 4,
  DOUBLE: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  UINT8: 1,
  UINT16: 2,
  BOOL: 1,
  /** Of any length: in bytes that a server gives or takes, each element ends with a NUL. */
  STRING: undefined,
} as const;

export type TensorType = keyof typeof elementBytes;

export function isTensorType(name: string): name is TensorType {
  return Object.hasOwn(elementBytes, name);
}

/** Elements of a tensor; a scalar, which has no dimensions, has one. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1);
}
