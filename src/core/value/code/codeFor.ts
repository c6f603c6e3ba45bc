import { cCode } from './cCode';
import { cppCode } from './cppCode';
import { fortranCode } from './fortranCode';
import { pythonCode } from './pythonCode';
import type { CodeLanguage, CodeSubject } from './subject';

/**
 * A program that reads what a key holds: with SmartRedis 0.6 what SmartRedis writes, with a client of Redis everything else. The
 * name is in it byte by byte; where a language or its client cannot say it, a comment says so. Undefined: nothing reads this kind.
 */
export function codeFor(language: CodeLanguage, subject: CodeSubject): string | undefined {
  return programs[language](subject);
}

const programs: Readonly<Record<CodeLanguage, (subject: CodeSubject) => string | undefined>> = {
  python: pythonCode,
  cpp: cppCode,
  c: cCode,
  fortran: fortranCode,
};
