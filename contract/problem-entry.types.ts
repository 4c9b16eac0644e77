export interface ProblemEntry {
  readonly number: `KP-${number}`;
  /** What is wrong, and what to do next; for staff, in English. */
  readonly maintainer: string;
  readonly next: string;
}
