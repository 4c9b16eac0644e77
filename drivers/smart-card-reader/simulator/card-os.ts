/** A small ISO 7816-4 card: applications, files, records, PIN, purse (device-protocols 2.1, 2.2, 2.4, 2.5). */
import { Answering } from './answering.ts';
import { SW, type Answer, type Apdu } from './apdu-in.ts';
import type { CardApplication, CardFile } from './card-files.ts';
import type { PinOs } from './pin-os.ts';
import type { PurseOs } from './purse-os.ts';

const LABEL = new TextEncoder().encode('PANYU01');

/** The parts of one card that outlive power and removal, by application name in hex. */
export interface CardMemory {
  readonly purses: ReadonlyMap<string, PurseOs>;
  readonly pins: ReadonlyMap<string, PinOs>;
}

export class CardOs {
  readonly answering = new Answering();
  readonly #applications: readonly CardApplication[];
  readonly #memory: CardMemory;
  #application: CardApplication | undefined;
  #file: CardFile | undefined;

  constructor(applications: readonly CardApplication[], memory: CardMemory = { purses: new Map(), pins: new Map() }) {
    this.#applications = applications;
    this.#memory = memory;
  }

  reset(): void {
    this.#leave();
    this.answering.reset();
    for (const pin of this.#memory.pins.values()) pin.reset();
  }

  /** One command, one answer of at least two bytes. */
  exchange(bytes: Uint8Array): Uint8Array {
    return this.answering.exchange(bytes, (apdu) => this.#obey(apdu));
  }

  #obey(apdu: Apdu): Answer {
    if (apdu.cla === 0x80)
      return this.#purse()?.obey(apdu) ?? { status: apdu.ins === 0x5c ? SW.fileNotFound : SW.unknownInstruction };
    if (apdu.cla !== 0x00) return { status: SW.unknownClass };
    if (apdu.ins === 0xa4) return this.#select(apdu);
    if (apdu.ins === 0xb0) return this.#readBinary(apdu);
    if (apdu.ins === 0xb2) return this.#readRecord(apdu);
    if (apdu.ins === 0x20) return this.#pin()?.verify(apdu) ?? { status: SW.wrongP1P2 };
    return { status: SW.unknownInstruction };
  }

  #select({ p1, data }: Apdu): Answer {
    const id = hexOf(data);
    if (p1 === 0x04) return this.#enter(this.#applications.find(({ name }) => hexOf(name) === id));
    if (p1 !== 0x00 && p1 !== 0x02) return { status: SW.wrongP1P2 };
    if (id === '3F00') {
      this.#leave();
      return { data: new Uint8Array() };
    }
    const directory = this.#applications.find((candidate) => candidate.directory === id);
    if (p1 === 0x00 && directory) return this.#enter(directory);
    const file = this.#application?.files.find((candidate) => candidate.id === id);
    if (!file) return { status: SW.fileNotFound };
    this.#file = file;
    return { data: new Uint8Array() };
  }

  #leave(): void {
    this.#purse()?.reset();
    this.#application = undefined;
    this.#file = undefined;
  }

  #enter(application: CardApplication | undefined): Answer {
    if (!application) return { status: SW.fileNotFound };
    if (application.isLocked === true) return { status: [0x62, 0x83] };
    this.#leave();
    this.#application = application;
    return { data: controlInformation(application) };
  }

  #readBinary({ p1, p2, le }: Apdu): Answer {
    const short = (p1 & 0x80) !== 0;
    if (short) this.#file = this.#bySfi(p1 & 0x1f);
    if (!this.#file) return { status: short ? SW.fileNotFound : SW.noFileSelected };
    const { content } = this.#file;
    if (!('binary' in content)) return { status: SW.notARecordFile };
    const rest = content.binary.subarray(short ? p2 : p1 * 256 + p2);
    if (rest.length === 0) return { status: SW.offsetBeyondEnd };
    return { data: le === undefined || le === 0 ? rest : rest.subarray(0, le) };
  }

  /** P2: SFI in the upper five bits (0 = current file), 4 = P1 is a number, 0 = P1 is an identifier. */
  #readRecord({ p1, p2 }: Apdu): Answer {
    const sfi = p2 >> 3;
    if (sfi > 0) this.#file = this.#bySfi(sfi);
    if (!this.#file) return { status: sfi > 0 ? SW.fileNotFound : SW.noFileSelected };
    const records = this.#records(this.#file);
    if (!records) return { status: SW.notARecordFile };
    const mode = p2 & 7;
    if (mode !== 0 && mode !== 4) return { status: SW.wrongP1P2 };
    const found = mode === 4 ? records[p1 - 1] : records.find((record) => record[0] === p1);
    return found ? (this.#pin()?.guard(found) ?? { data: found }) : { status: SW.recordNotFound };
  }

  #records({ content }: CardFile): readonly Uint8Array[] | undefined {
    if ('records' in content) return content.records;
    return 'log' in content ? this.#purse()?.log : undefined;
  }

  #purse(): PurseOs | undefined {
    return this.#application && this.#memory.purses.get(hexOf(this.#application.name));
  }

  #pin(): PinOs | undefined {
    return this.#application && this.#memory.pins.get(hexOf(this.#application.name));
  }

  #bySfi(sfi: number): CardFile | undefined {
    return this.#application?.files.find((file) => file.sfi === sfi);
  }
}

/** 6F: name, then A5 with a label or, on several city cards, the contents of file 0015 (9F0C). */
function controlInformation({ name, files, tellsPublicInformation }: CardApplication): Uint8Array {
  const content = files.find(({ id }) => id === '0015')?.content;
  const info = tellsPublicInformation === true && content && 'binary' in content ? content.binary : undefined;
  const own = info ? Uint8Array.of(0x9f, 0x0c, info.length, ...info) : Uint8Array.of(0x50, LABEL.length, ...LABEL);
  const inside = Uint8Array.of(0x84, name.length, ...name, 0xa5, own.length, ...own);
  return Uint8Array.of(0x6f, inside.length, ...inside);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
