import { problem, type Place, type Problem, type ProblemArguments } from '../base/problem';
import type { ProblemCode } from '../base/problemCatalogue';

const codes: Readonly<Record<string, ProblemCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EACCES: 'not-writable',
  EPERM: 'not-writable',
  EROFS: 'read-only-file-system',
  ENOTDIR: 'not-a-directory',
  EEXIST: 'not-a-directory',
};

/** The problem behind a failed file operation on `path`. What is no system error is a bug, and is thrown on. */
export function fileProblem(error: unknown, path: string, place?: Place): Problem {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  const args: ProblemArguments = { path, reason: code };
  return problem(codes[code] ?? 'file-failed', args, place === undefined ? {} : { place });
}

/** `ENOENT` and the like; undefined for what is no error of the system. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
