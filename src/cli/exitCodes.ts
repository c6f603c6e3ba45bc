/** Exit codes of `ssw`; part of the product. */
export const exitCode = {
  done: 0,
  /** The user's input or the deployment is at fault. */
  failed: 1,
  wrongUsage: 2,
  internalFault: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
