const DISABLE = /^[^'"`]*(?:\/\/|\/\*|\{\/\*)\s*(?:ox|es)lint-disable(?<scope>-line|-next-line)?\b(?<rest>.*)/;

/** True for a disable comment that covers a whole file, or that gives no reason after ` -- `. */
export function isCommentWithoutReason(line: string): boolean {
  const match = DISABLE.exec(line);
  if (!match) return false;
  return match.groups?.['scope'] === undefined || !/ -- \S.{5,}/.test(match.groups['rest'] ?? '');
}
