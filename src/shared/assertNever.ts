/** For the default branch of an exhaustive switch: does not compile when a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`Internal error: unexpected value ${JSON.stringify(value)}`);
}
