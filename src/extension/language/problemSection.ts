/** The section of docs/errors.md about one code, as a page of its own; absent where there is none. */
export function problemSection(page: string, code: string): string | undefined {
  const section = page.split(/^(?=##)/m).find((part) => part.startsWith(`### ${code}\n`));
  return section?.trimEnd().concat('\n').replace(/^###/, '#');
}
