/** Star's automatic status (device-protocols 4.9): its length stands in its first two bytes. */
import type { AnswerRow } from './printer-answers.codec.ts';
import { bad, CUT_SHORT, flags, type Facts, type Part } from './wire-part.codec.ts';

const HEAD_BYTES = 2;
const LEAST_BYTES = 6;
const fixedBits = { base: 0, baseMask: 0x91 };

/**
 * From the third byte on. Cover, drawer and paper end are the sheet's; the names of the other bits, the fixed zeros (bits
 * 0, 4, 7) and the places of ETB counter and presenter are Star's as open drivers read them: assumed.
 */
const BYTES: readonly Part[] = [
  flags({ drawerPinHigh: 0x04, offline: 0x08, coverOpen: 0x20 }, { ...fixedBits, other: 'otherPrinterBits' }),
  flags(
    { cutterError: 0x08, unrecoverableError: 0x20, headTemperature: 0x40 },
    { ...fixedBits, other: 'otherErrorBits' },
  ),
  flags({ presenterJam: 0x08, receiveBufferFull: 0x40 }, { ...fixedBits, other: 'otherCauseBits' }),
  flags({ paperNearEnd: 0x04, paperEnd: 0x08 }, { ...fixedBits, other: 'otherPaperBits' }),
];

/** Bits 1 to 3 and 5 to 6 of the eighth byte, put together. */
export function etbCount(byte: number): number {
  return ((byte >> 1) & 0x07) | ((byte >> 2) & 0x18);
}

export function starStatusLength(first: number, second: number): number {
  return (((first >> 2) & 0x18) | ((first >> 1) & 0x07)) + ((second >> 6) & 0x02);
}

export const starStatus: AnswerRow = {
  name: 'automaticStatus',
  read(bytes) {
    const [first, second] = bytes;
    if (first === undefined || (first & 0x91) !== 0x01) return undefined;
    if (second === undefined) return CUT_SHORT;
    const length = starStatusLength(first, second);
    if (length < LEAST_BYTES) return bad(`a status of ${length} bytes`);
    if (bytes.length < length) return CUT_SHORT;
    let facts: Facts = { lengthBytes: length, firstByte: first, versionByte: second };
    for (const [place, part] of BYTES.entries()) {
      const reading = part.read(bytes.subarray(HEAD_BYTES + place));
      if ('reason' in reading) return bad(`status byte ${HEAD_BYTES + place + 1}: ${reading.reason}`);
      facts = { ...facts, ...reading.facts };
    }
    const more = [...bytes.subarray(LEAST_BYTES, length)];
    const wrong = more.findIndex((value) => (value & fixedBits.baseMask) !== 0);
    if (wrong >= 0) return bad(`status byte ${LEAST_BYTES + wrong + 1}: the fixed bits are wrong`);
    const counter = more[1];
    return {
      length,
      facts: { ...facts, furtherBytes: more, ...(counter !== undefined && { etbCount: etbCount(counter) }) },
    };
  },
  write(facts) {
    const bytes = BYTES.map((part) => part.write(facts)?.[0]);
    const { firstByte, versionByte, furtherBytes } = facts;
    if (typeof firstByte !== 'number' || typeof versionByte !== 'number') return undefined;
    if (!bytes.every((value) => value !== undefined) || !Array.isArray(furtherBytes)) return undefined;
    const further = furtherBytes.filter((value): value is number => typeof value === 'number');
    return Uint8Array.of(firstByte, versionByte, ...bytes, ...further);
  },
};
