/** A code as text for people: UTF-8, and what is none is tried as GB18030 (device-protocols 5.10). Nothing acts on this text. */
export interface CodeText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'gb18030';
}

/** Undefined for bytes that are neither. */
export function textOf(data: Uint8Array): CodeText | undefined {
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(data), encoding };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return undefined;
}
