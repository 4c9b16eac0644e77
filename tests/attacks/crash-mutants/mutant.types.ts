/** A seeded bug: what is written instead of what, and who must notice. */

export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly catcher: Catcher;
}

/** Plans of `crash-logic` whose names begin so, lives of `sim`, or a file of tests. */
export type Catcher =
  | { readonly kind: 'logic'; readonly plans: readonly string[]; readonly againEvery: number }
  | { readonly kind: 'sim'; readonly seed: number; readonly kiosk: number; readonly days: number }
  | { readonly kind: 'test'; readonly file: string };

/** What a catcher ends with; anything else means that it could not even run. */
export const EXIT = { quiet: 0, caught: 10 } as const;

/** Environment of a catcher: the edits as JSON, and the file in which each one that was made is noted. */
export const EDITS = 'MUTANT_EDITS';
export const MADE = 'MUTANT_MADE';
