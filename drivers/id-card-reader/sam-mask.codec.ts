/**
 * What may be kept of an ID-card reader's wire in a recording: which frames passed, never what a card said. A piece that is
 * no whole frame may be the middle of one, so it is blanked but for the head of a frame that begins in it.
 */
import { maskedText } from './id-block-meaning.codec.ts';
import { readAddresses, readAnswer, readBlock } from './sam-answer.codec.ts';
import { findPreamble, HEADER_BYTES, PREAMBLE, sealFrame } from './sam-frame.codec.ts';
import { frameAt, lengthAt } from './sam-run.codec.ts';

const STATUS_BYTES = 3;
const SAM_ID_BYTES = 16;

/** As many bytes as came; sound frames stay sound. */
export function maskAnswers(bytes: Uint8Array): Uint8Array {
  const masked = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length;) {
    const start = findPreamble(bytes, at, bytes.length);
    if (bytes.length - start < PREAMBLE.length) break;
    const frame = frameAt(bytes, start);
    if (frame.ok) {
      masked.set(sealFrame(maskedPayload(frame.value.payload)), start);
      at = frame.value.end;
      continue;
    }
    if (lengthAt(bytes, start).ok) masked.set(bytes.subarray(start, start + HEADER_BYTES + STATUS_BYTES), start);
    at = start + 1;
  }
  return masked;
}

function maskedPayload(payload: Uint8Array): Uint8Array {
  const answer = readAnswer(payload);
  // A question, or the number of the module: neither is of a person.
  if (!answer || answer.data.length === 0 || answer.data.length === SAM_ID_BYTES) return payload;
  const head = payload.subarray(0, STATUS_BYTES);
  const { data } = answer;
  const addresses = readAddresses(answer);
  if (addresses) return joined(head, ...addresses.map(maskedText));
  const block = readBlock(answer);
  if (!block) return joined(head, new Uint8Array(data.length));
  const lengths = data.subarray(0, block.fingerprints === undefined ? 4 : 6);
  const rest = new Uint8Array(data.length - lengths.length - block.text.length);
  return joined(head, lengths, maskedText(block.text), rest);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
