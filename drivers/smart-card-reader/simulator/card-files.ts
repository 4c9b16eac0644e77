/** Builds the files of a card from what is printed on it (device-protocols 2.2, 2.4). */
import { encodeGbk } from './gbk.ts';

/** An elementary file: bytes to be read by offset, or records, each `tag | length | value`. */
export interface CardFile {
  /** Two bytes, e.g. `0015`. */
  readonly id: string;
  readonly sfi: number;
  readonly content: { readonly binary: Uint8Array } | { readonly records: readonly Uint8Array[] };
}

export interface CardApplication {
  /** Application name as it is selected. */
  readonly name: Uint8Array;
  readonly files: readonly CardFile[];
  /** Fen in the purse; none = GET BALANCE is not known. */
  readonly balanceCents?: number;
}

export interface Purse {
  readonly number: string;
  readonly holderName: string;
  readonly holderId: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly balanceCents: number;
}

const PANYU_ISSUER = '4401130000000000';

/** An e-purse-like livelihood card of our own invention: files 0015 and 0016 as on PBOC purses. */
export function livelihoodApplication(card: Purse): CardApplication {
  const info = concat(
    hexBytes(PANYU_ISSUER),
    hexBytes('1102'),
    hexBytes(card.number.padStart(20, '0')),
    hexBytes(card.startDate),
    hexBytes(card.endDate),
    hexBytes('0000'),
  );
  const holder = concat(
    Uint8Array.of(0x00, 0x00), // class of holder, not bank staff
    padded(encodeGbk(card.holderName), 20, 0x00),
    padded(ascii(card.holderId), 32, 0x00),
    Uint8Array.of(0x00), // 00 = resident identity card
  );
  return {
    name: ascii('PANYU.MSK.DEMO'),
    balanceCents: card.balanceCents,
    files: [
      { id: '0015', sfi: 0x15, content: { binary: info } },
      { id: '0016', sfi: 0x16, content: { binary: holder } },
    ],
  };
}

export interface SocialSecurity {
  readonly number: string;
  readonly holderName: string;
  /** What does not fit into 30 bytes of name. */
  readonly nameExtension: string;
  readonly holderId: string;
  readonly sex: '1' | '2';
  readonly nation: string;
  readonly birthDate: string;
  readonly issueDate: string;
  readonly expiryDate: string;
}

const SSSE_NAME = 'sx1.sh.社会保障';

/** The social-security environment, second generation: EF05 is the card, EF06 its holder. */
export function socialSecurityApplication(card: SocialSecurity): CardApplication {
  return {
    name: encodeGbk(SSSE_NAME),
    files: [
      {
        id: 'EF05',
        sfi: 5,
        content: {
          records: [
            record(0x01, hexBytes('440113D1560000050000000000000001')),
            record(0x02, ascii('3')),
            record(0x03, ascii('2.00')),
            record(0x04, padded(hexBytes('4401'), 12, 0x00)),
            record(0x05, hexBytes(card.issueDate)),
            record(0x06, hexBytes(card.expiryDate)),
            record(0x07, ascii(card.number)),
          ],
        },
      },
      {
        id: 'EF06',
        sfi: 6,
        content: {
          records: [
            record(0x08, ascii(card.holderId)),
            record(0x09, padded(encodeGbk(card.holderName), 30, 0x00)),
            record(0x4e, padded(encodeGbk(card.nameExtension), 20, 0x00)),
            record(0x0a, ascii(card.sex)),
            record(0x0b, hexBytes(card.nation)),
            record(0x0c, hexBytes('440113')),
            record(0x0d, hexBytes(card.birthDate)),
          ],
        },
      },
    ],
  };
}

function record(tag: number, value: Uint8Array): Uint8Array {
  return Uint8Array.of(tag, value.length, ...value);
}

function padded(bytes: Uint8Array, length: number, filler: number): Uint8Array {
  if (bytes.length > length) throw new Error(`${bytes.length} bytes do not fit into ${length}`);
  return Uint8Array.of(...bytes, ...new Uint8Array(length - bytes.length).fill(filler));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
