/** What the two ways of speaking have in common: codes out of bytes, bounded, never two codes joined into one. */
export type ScanEvent =
  /** A whole code of at most 512 bytes. `symbology` is the AIM identifier without its bracket, where the scanner says it. */
  | { readonly kind: 'code'; readonly data: Uint8Array; readonly symbology?: string }
  /** Told at once; the rest of that code is swallowed. */
  | { readonly kind: 'tooLong' }
  /** A code whose end never came. */
  | { readonly kind: 'cut' }
  /** Bytes that belong to no code. */
  | { readonly kind: 'garbage' };

export interface CodeDecoder {
  push(chunk: Uint8Array): ScanEvent[];
  /** Bytes kept of an unfinished report or code. */
  readonly pendingBytes: number;
  /** In the middle of a report or of a code. */
  readonly isUnfinished: boolean;
  /** What is unfinished belongs to the person before: it is swallowed up to its end. */
  startAfresh(): void;
  /** The line is quiet: what is unfinished will not be finished. */
  quiet(): ScanEvent[];
  reset(): void;
}

/** The most a code may have (needs A10). */
export const MAX_CODE_BYTES = 512;
