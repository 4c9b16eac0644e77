/** The station's purchase module (device-protocols 2.6): makes MAC1, checks MAC2, counts. Its number and keys never change. */
import { SW, uintBytes, uintOf, type Answer, type Apdu } from './apdu-in.ts';
import { macOf, sessionKey } from './purse-crypto.ts';

export interface PsamFaults {
  /** INIT SAM is refused: no such key version. */
  refuseKey: boolean;
  /** MAC2 is called wrong, whatever it is. */
  refuseMac2: boolean;
}

const DIRECTORIES = new Set(['DF01', '3F01', 'DF03', '3F00']);

export class PsamOs {
  readonly #faults: PsamFaults;
  readonly #terminal: Uint8Array;
  readonly #key: Uint8Array;
  #sequence: number;
  #isSelected = false;
  #expected: Uint8Array | undefined;
  #accepted = 0;

  constructor(
    { terminal, key, sequence }: { readonly terminal: string; readonly key: string; readonly sequence: number },
    faults: PsamFaults,
  ) {
    this.#faults = faults;
    this.#terminal = hexBytes(terminal);
    this.#key = hexBytes(key);
    this.#sequence = sequence;
  }

  get state(): { readonly sequence: number; readonly accepted: number } {
    return { sequence: this.#sequence, accepted: this.#accepted };
  }

  reset(): void {
    this.#isSelected = false;
    this.#expected = undefined;
  }

  obey(apdu: Apdu): Answer {
    const { cla, ins } = apdu;
    if (cla === 0x00 && ins === 0xa4) return this.#select(apdu);
    if (cla === 0x00 && ins === 0xb0) return this.#read(apdu);
    if (cla !== 0x80) return { status: cla === 0x00 ? SW.unknownInstruction : SW.unknownClass };
    if (ins === 0x70) return this.#initialize(apdu);
    if (ins === 0x72) return this.#check(apdu);
    return { status: SW.unknownInstruction };
  }

  #select({ p1, data }: Apdu): Answer {
    const id = Buffer.from(data).toString('hex').toUpperCase();
    if (p1 !== 0 || !DIRECTORIES.has(id)) return { status: SW.fileNotFound };
    this.reset();
    this.#isSelected = id !== '3F00';
    return { data: new Uint8Array() };
  }

  /** 0015: serial and versions, 14 bytes; 0016: the terminal number. */
  #read({ p1, p2, le }: Apdu): Answer {
    const files: Readonly<Record<number, Uint8Array>> = {
      0x95: Uint8Array.of(...uintBytes(0x4401, 2), ...uintBytes(1, 8), 0x01, 0x00, 0x01, 0x00),
      0x96: this.#terminal,
    };
    const file = files[p1]?.subarray(p2);
    if (!file) return { status: SW.fileNotFound };
    return { data: le === undefined || le === 0 ? file : file.subarray(0, le) };
  }

  /** random 4, card sequence 2, amount 4, type 1, date 4, time 3, key version 1, algorithm 1, serial 8, perhaps area 8. */
  #initialize({ data }: Apdu): Answer {
    if (!this.#isSelected) return { status: SW.conditionsNotSatisfied };
    if (data.length !== 0x1c && data.length !== 0x24) return { status: SW.wrongLength };
    if (this.#faults.refuseKey || data[18] !== 1) return { status: SW.unknownKey };
    const terminalSequence = uintBytes(this.#sequence, 4);
    const session = sessionKey(this.#key, Uint8Array.of(...data.slice(0, 6), ...terminalSequence.slice(2)));
    const amount = data.slice(6, 10);
    this.#expected = macOf(session, amount);
    const mac1 = macOf(session, amount, data.slice(10, 11), this.#terminal, data.slice(11, 18));
    return { data: Uint8Array.of(...terminalSequence, ...mac1) };
  }

  #check({ data }: Apdu): Answer {
    const expected = this.#expected;
    this.#expected = undefined;
    if (!expected) return { status: SW.conditionsNotSatisfied };
    if (data.length !== 4) return { status: SW.wrongLength };
    if (this.#faults.refuseMac2 || uintOf(data) !== uintOf(expected)) return { status: SW.macInvalid };
    this.#sequence += 1;
    this.#accepted += 1;
    return { data: new Uint8Array() };
  }
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
