/** A small ISO 7816-4 card: applications, files, records (device-protocols 2.1, 2.2, 2.4, 2.5). */
import type { CardApplication, CardFile } from './card-files.ts';

interface Apdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Undefined = no Le byte; 0 = as much as there is. */
  readonly le: number | undefined;
}

const OK = [0x90, 0x00] as const;
const WRONG_LENGTH = [0x67, 0x00] as const;
const NOT_A_RECORD_FILE = [0x69, 0x81] as const;
const NO_FILE_SELECTED = [0x69, 0x86] as const;
const FILE_NOT_FOUND = [0x6a, 0x82] as const;
const RECORD_NOT_FOUND = [0x6a, 0x83] as const;
const WRONG_P1_P2 = [0x6a, 0x86] as const;
const OFFSET_BEYOND_END = [0x6b, 0x00] as const;
const UNKNOWN_INSTRUCTION = [0x6d, 0x00] as const;
const UNKNOWN_CLASS = [0x6e, 0x00] as const;

type StatusWord = readonly [number, number];
type Answer = { readonly data: Uint8Array } | { readonly status: StatusWord };

const LABEL = new TextEncoder().encode('PANYU01');

export class CardOs {
  /** Answers as cards with T=0 do: `61 xx` and GET RESPONSE after a command with data, `6C xx` for a wrong Le. */
  getResponse = false;
  readonly #applications: readonly CardApplication[];
  #application: CardApplication | undefined;
  #file: CardFile | undefined;
  #waiting: Uint8Array | undefined;

  constructor(applications: readonly CardApplication[]) {
    this.#applications = applications;
  }

  reset(): void {
    this.#application = undefined;
    this.#file = undefined;
    this.#waiting = undefined;
  }

  /** One command, one answer of at least two bytes. */
  exchange(bytes: Uint8Array): Uint8Array {
    const apdu = readApdu(bytes);
    if (!apdu) return Uint8Array.of(...WRONG_LENGTH);
    if (apdu.cla === 0x00 && apdu.ins === 0xc0) return this.#giveWaiting(apdu);
    this.#waiting = undefined;
    const answer = this.#obey(apdu);
    return 'status' in answer ? Uint8Array.of(...answer.status) : this.#give(answer.data, apdu);
  }

  #obey(apdu: Apdu): Answer {
    if (apdu.cla !== 0x00 && apdu.cla !== 0x80) return { status: UNKNOWN_CLASS };
    if (apdu.cla === 0x80) return apdu.ins === 0x5c ? this.#balance(apdu) : { status: UNKNOWN_INSTRUCTION };
    if (apdu.ins === 0xa4) return this.#select(apdu);
    if (apdu.ins === 0xb0) return this.#readBinary(apdu);
    if (apdu.ins === 0xb2) return this.#readRecord(apdu);
    return { status: UNKNOWN_INSTRUCTION };
  }

  #select({ p1, data }: Apdu): Answer {
    if (p1 === 0x04) return this.#selectByName(data);
    if (p1 !== 0x00 && p1 !== 0x02) return { status: WRONG_P1_P2 };
    const id = hexOf(data);
    if (id === '3F00') {
      this.reset();
      return { data: new Uint8Array() };
    }
    const file = this.#application?.files.find((candidate) => candidate.id === id);
    if (!file) return { status: FILE_NOT_FOUND };
    this.#file = file;
    return { data: new Uint8Array() };
  }

  #selectByName(name: Uint8Array): Answer {
    const application = this.#applications.find((candidate) => hexOf(candidate.name) === hexOf(name));
    if (!application) return { status: FILE_NOT_FOUND };
    this.#application = application;
    this.#file = undefined;
    const inside = Uint8Array.of(0x84, name.length, ...name, 0xa5, 2 + LABEL.length, 0x50, LABEL.length, ...LABEL);
    return { data: Uint8Array.of(0x6f, inside.length, ...inside) };
  }

  #readBinary({ p1, p2, le }: Apdu): Answer {
    const short = (p1 & 0x80) !== 0;
    if (short) this.#file = this.#bySfi(p1 & 0x1f);
    if (!this.#file) return { status: short ? FILE_NOT_FOUND : NO_FILE_SELECTED };
    const { content } = this.#file;
    if (!('binary' in content)) return { status: NOT_A_RECORD_FILE };
    const rest = content.binary.subarray(short ? p2 : p1 * 256 + p2);
    if (rest.length === 0) return { status: OFFSET_BEYOND_END };
    return { data: le === undefined || le === 0 ? rest : rest.subarray(0, le) };
  }

  /** P2: SFI in the upper five bits (0 = current file), 4 = P1 is a number, 0 = P1 is an identifier. */
  #readRecord({ p1, p2 }: Apdu): Answer {
    const sfi = p2 >> 3;
    if (sfi > 0) this.#file = this.#bySfi(sfi);
    if (!this.#file) return { status: sfi > 0 ? FILE_NOT_FOUND : NO_FILE_SELECTED };
    const { content } = this.#file;
    if (!('records' in content)) return { status: NOT_A_RECORD_FILE };
    const mode = p2 & 7;
    if (mode !== 0 && mode !== 4) return { status: WRONG_P1_P2 };
    const found = mode === 4 ? content.records[p1 - 1] : content.records.find((record) => record[0] === p1);
    return found ? { data: found } : { status: RECORD_NOT_FOUND };
  }

  /** Big-endian fen; P2 01 the deposit, which is empty, 02 the purse. */
  #balance({ p2 }: Apdu): Answer {
    const cents = this.#application?.balanceCents;
    if (cents === undefined) return { status: FILE_NOT_FOUND };
    if (p2 !== 1 && p2 !== 2) return { status: WRONG_P1_P2 };
    const data = new Uint8Array(4);
    new DataView(data.buffer).setUint32(0, p2 === 2 ? cents : 0);
    return { data };
  }

  #bySfi(sfi: number): CardFile | undefined {
    return this.#application?.files.find((file) => file.sfi === sfi);
  }

  #give(data: Uint8Array, apdu: Apdu): Uint8Array {
    if (!this.getResponse) {
      const given = apdu.le === undefined ? data.subarray(0, 0) : apdu.le === 0 ? data : data.subarray(0, apdu.le);
      return Uint8Array.of(...given, ...OK);
    }
    if (data.length === 0) return Uint8Array.of(...OK);
    if (apdu.data.length > 0) {
      this.#waiting = data;
      return Uint8Array.of(0x61, data.length);
    }
    return apdu.le === data.length ? Uint8Array.of(...data, ...OK) : Uint8Array.of(0x6c, data.length);
  }

  #giveWaiting({ le }: Apdu): Uint8Array {
    const data = this.#waiting;
    if (!data) return Uint8Array.of(0x69, 0x85);
    if (le !== data.length) return Uint8Array.of(0x6c, data.length);
    this.#waiting = undefined;
    return Uint8Array.of(...data, ...OK);
  }
}

/** Short APDUs of the four cases; undefined when Lc and the length do not agree. */
function readApdu(bytes: Uint8Array): Apdu | undefined {
  const [cla, ins, p1, p2, p3] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const header = { cla, ins, p1, p2 };
  if (bytes.length <= 5) return { ...header, data: new Uint8Array(), le: p3 };
  const end = 5 + (p3 ?? 0);
  if (bytes.length !== end && bytes.length !== end + 1) return undefined;
  return { ...header, data: bytes.slice(5, end), le: bytes[end] };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
