/** The head of a fingerprint template on the card (GA 1012; device-protocols 1.8). The rest is the certified matcher's. */
import type { FingerTemplate } from '../../contract/devices/id-card-reader.schema.ts';

export const TEMPLATE_BYTES = 512;
const MARK = 0x43;
const REGISTERED = 1;

export type Finger = FingerTemplate['finger'];

/** By the byte at 5. */
export const FINGERS: Readonly<Record<number, Finger>> = {
  11: 'right-thumb',
  12: 'right-index',
  13: 'right-middle',
  14: 'right-ring',
  15: 'right-little',
  16: 'left-thumb',
  17: 'left-index',
  18: 'left-middle',
  19: 'left-ring',
  20: 'left-little',
  97: 'right-unknown',
  98: 'left-unknown',
  99: 'other',
};

/** By the byte at 4. */
export const REGISTRATIONS: Readonly<Record<number, string>> = {
  1: 'success',
  2: 'failed',
  3: 'notRegistered',
  9: 'unknown',
};

/** The templates that hold a finger: a place that was never registered is filled, too, and is left out. */
export function readFingerTemplates(bytes: Uint8Array): FingerTemplate[] {
  const templates: FingerTemplate[] = [];
  for (let at = 0; at + TEMPLATE_BYTES <= bytes.length; at += TEMPLATE_BYTES) {
    const template = bytes.subarray(at, at + TEMPLATE_BYTES);
    const [mark, , , , registration, finger = 0, quality = 0] = template;
    if (mark !== MARK || registration !== REGISTERED) continue;
    templates.push({
      finger: FINGERS[finger] ?? 'other',
      ...(quality >= 1 && quality <= 100 ? { quality } : {}),
      template: base64(template),
    });
  }
  return templates;
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
