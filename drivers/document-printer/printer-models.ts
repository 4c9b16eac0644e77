/** What differs between what speaks IPP, as rows, each value with how sure it is. */
export type DocumentPrinterModelName = 'ipp-everywhere' | 'cups' | 'ipp-1-1';

export interface DocumentPrinterModel {
  readonly name: DocumentPrinterModelName;
  readonly version: '1.1' | '2.0';
  /**
   * `job-impressions-completed` counts paper sides, so that `completed` with too few is not believed. PWG 5100.14 asks it of
   * IPP Everywhere; a CUPS queue counts only what its filters tell (measured: 0 on a queue that passes PDF through).
   */
  readonly countsImpressions: boolean;
  readonly confidence: 'sheet' | 'measured' | 'assumed';
}

const MODELS: Readonly<Record<DocumentPrinterModelName, DocumentPrinterModel>> = {
  'ipp-everywhere': { name: 'ipp-everywhere', version: '2.0', countsImpressions: true, confidence: 'sheet' },
  cups: { name: 'cups', version: '2.0', countsImpressions: false, confidence: 'measured' },
  'ipp-1-1': { name: 'ipp-1-1', version: '1.1', countsImpressions: false, confidence: 'assumed' },
};

/** Milliseconds. Assumed, except where a source stands beside it. */
export const TIMING = {
  beatMs: 5_000,
  /** After a beat that met no answer. */
  missedBeatMs: 1_000,
  /** A question that carries no document. CUPS answers in milliseconds; a printer waking up does not. */
  answerMs: 4_000,
  /** A document of 8 MiB over a slow network, and the printer's own reading of it. */
  documentMs: 60_000,
  pollMs: 500,
  /** The pause before a terminal state is asked for again: it must stay the same. */
  confirmMs: 100,
  /** For taking back what must not wait in the spool. */
  takeBackMs: 20_000,
} as const;

/** So many beats in a row without an answer, and the printer is called gone (field-complaints 1). */
export const SILENT_BEATS = 3;

export function documentPrinterModel(name: string): DocumentPrinterModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as DocumentPrinterModelName] : undefined;
}
