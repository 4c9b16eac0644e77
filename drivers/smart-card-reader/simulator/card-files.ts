/** Builds the files of a card from what is printed on it (device-protocols 2.2 to 2.4). */
import { encodeGbk } from './gbk.ts';
import type { PinData } from './pin-os.ts';
import type { PurseData } from './purse-os.ts';

/** An elementary file: bytes to be read by offset, records (each `tag | length | value`), or the log of the purse. */
export interface CardFile {
  /** Two bytes, e.g. `0015`. */
  readonly id: string;
  readonly sfi: number;
  readonly content:
    { readonly binary: Uint8Array } | { readonly records: readonly Uint8Array[] } | { readonly log: true };
}

export interface CardApplication {
  /** Application name as it is selected. */
  readonly name: Uint8Array;
  /** Identifier by which its directory is selected too. */
  readonly directory?: string;
  readonly files: readonly CardFile[];
  /** None: no command of the purse is known. */
  readonly purse?: PurseData;
  readonly pin?: PinData;
  /** SELECT answers with the contents of file 0015. */
  readonly tellsPublicInformation?: boolean;
  /** SELECT answers 6283. */
  readonly isLocked?: boolean;
}

/** Invented; the PSAM of the station has the same. */
export const PURSE_KEY = '0123456789ABCDEFFEDCBA9876543210';
const LOG: CardFile = { id: '0018', sfi: 0x18, content: { log: true } };

export interface PurseCard {
  readonly number: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly balanceCents: number;
  /** Newest first, as stored. */
  readonly log?: readonly string[];
  readonly offlineSequence?: number;
}

export interface LivelihoodCard extends PurseCard {
  readonly holderName: string;
  readonly holderId: string;
}

const PANYU_ISSUER = '4401130000000000';

/** An e-purse-like livelihood card of our own invention: files 0015 and 0016 as on PBOC purses. */
export function livelihoodApplication(card: LivelihoodCard): CardApplication {
  const holder = concat(
    Uint8Array.of(0x00, 0x00), // class of holder, not bank staff
    padded(encodeGbk(card.holderName), 20, 0x00),
    padded(ascii(card.holderId), 32, 0x00),
    Uint8Array.of(0x00), // 00 = resident identity card
  );
  return {
    name: ascii('PANYU.MSK.DEMO'),
    purse: purseOf(card),
    files: [
      publicInformation(card, card.number.padStart(20, '0')),
      { id: '0016', sfi: 0x16, content: { binary: holder } },
      LOG,
    ],
  };
}

/** City union card: number in bytes 12 to 19 of 0015, which SELECT tells already. */
export function cityUnionApplication(card: PurseCard): CardApplication {
  return {
    name: hexBytes('A00000000386980701'),
    directory: '1001',
    purse: purseOf(card),
    tellsPublicInformation: true,
    files: [publicInformation(card, card.number.padStart(20, '0')), LOG],
  };
}

/** National transport card: number in bytes 10 to 19, city in 0017. */
export function tUnionApplication(card: PurseCard): CardApplication {
  return {
    name: hexBytes('A000000632010105'),
    purse: purseOf(card),
    files: [
      publicInformation(card, card.number.padStart(20, '0')),
      { id: '0017', sfi: 0x17, content: { binary: hexBytes('0000000044005810000001') } },
      LOG,
    ],
  };
}

/** Lingnan Pass: public information in one application (number in bytes 11 to 15), the purse in another. */
export function lingnanApplications(card: PurseCard): readonly CardApplication[] {
  return [
    { name: ascii('PAY.APPY'), files: [publicInformation(card, `00${card.number}00000000`)] },
    { name: ascii('PAY.TICL'), purse: purseOf(card), files: [LOG] },
  ];
}

/** A bank card or a telephone: contactless payment directory, nothing for us. */
export function paymentDirectory(): CardApplication {
  return { name: ascii('2PAY.SYS.DDF01'), files: [] };
}

export interface SocialSecurityCard {
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
  /** First-generation cards have no record for the rest of the name, so that sex is their third, not their fourth. */
  readonly generation?: 1 | 2 | 3;
  readonly pin?: PinData;
}

const SSSE_NAME = 'sx1.sh.社会保障';
/** Records of EF05 and EF06 that name the holder or the card. */
export const HOLDER_TAGS: readonly number[] = [0x07, 0x08, 0x09, 0x4e, 0x0a, 0x0b, 0x0c, 0x0d];

/** The social-security environment: EF05 is the card, EF06 its holder. */
export function socialSecurityApplication(card: SocialSecurityCard): CardApplication {
  const generation = card.generation ?? 2;
  const extension = generation === 1 ? [] : [record(0x4e, padded(encodeGbk(card.nameExtension), 20, 0x00))];
  return {
    name: encodeGbk(SSSE_NAME),
    ...(card.pin ? { pin: card.pin } : {}),
    files: [
      {
        id: 'EF05',
        sfi: 5,
        content: {
          records: [
            record(0x01, hexBytes('440113D1560000050000000000000001')),
            record(0x02, ascii('3')),
            record(0x03, ascii(`${generation}.00`)),
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
            ...extension,
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

function purseOf({ balanceCents, log = [], offlineSequence = 0x12 }: PurseCard): PurseData {
  return { balanceCents, offlineSequence, key: PURSE_KEY, log };
}

/** File 0015; the serial is ten bytes of digits. */
function publicInformation({ startDate, endDate }: PurseCard, serial: string): CardFile {
  const binary = concat(
    hexBytes(PANYU_ISSUER),
    hexBytes('1102'),
    hexBytes(serial),
    hexBytes(startDate),
    hexBytes(endDate),
    hexBytes('0000'),
  );
  return { id: '0015', sfi: 0x15, content: { binary } };
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
