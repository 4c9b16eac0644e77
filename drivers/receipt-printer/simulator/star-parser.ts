/**
 * Star line mode, cut into commands and put in the words the print head knows (device-protocols 4.9 for status, presenter
 * and counter; the printing commands are Star's as open drivers send them, no sheet of ours).
 */
import type { EscposCommand } from './escpos-parser.ts';

/** Parameter bytes behind the opening, and what they mean in the head's words. */
interface Row {
  readonly opening: readonly number[];
  /** Undefined while too few bytes are there. */
  length(parameters: Uint8Array): number | undefined;
  commands(parameters: Uint8Array): readonly EscposCommand[];
}

const ESC = 0x1b;
const GS = 0x1d;
const RS = 0x1e;
const NONE = new Uint8Array();

function command(name: string, ...data: readonly number[]): EscposCommand {
  return { name, data: Uint8Array.from(data) };
}

function fixed(
  opening: readonly number[],
  count: number,
  commands: (...data: number[]) => readonly EscposCommand[],
): Row {
  return { opening, length: () => count, commands: (parameters) => commands(...parameters) };
}

const qr = (fn: number, ...data: readonly number[]): EscposCommand => {
  const content = [49, fn, ...data];
  return command('GS (', 0x6b, content.length & 0xff, content.length >> 8, ...content);
};

const S = 0x53;
const Y = 0x79;

const ROWS: readonly Row[] = [
  fixed([ESC, 0x40], 0, () => [command('ESC @'), command('FS &')]),
  fixed([0x0a], 0, () => [command('LF')]),
  fixed([0x17], 0, () => [command('ETB')]),
  fixed([ESC, GS, 0x61], 1, (n = 0) => [command('ESC a', n)]),
  fixed([ESC, 0x45], 0, () => [command('ESC E', 1)]),
  fixed([ESC, 0x46], 0, () => [command('ESC E', 0)]),
  fixed([ESC, 0x69], 2, (height = 0, width = 0) => [command('GS !', (width % 48) * 16 + (height % 48))]),
  fixed([ESC, 0x61], 1, (n = 0) => [command('ESC d', n)]),
  fixed([ESC, 0x4a], 1, (n = 0) => [command('ESC J', n * 2)]),
  // 0 and 1 cut here, 2 and 3 feed to the cutter first
  fixed([ESC, 0x64], 1, (n = 0) => [command('GS V', (n % 48) % 2 === 1 ? 66 : 65, n % 48 >= 2 ? 24 : 0)]),
  fixed([ESC, GS, Y, S, 0x30], 1, () => []),
  fixed([ESC, GS, Y, S, 0x31], 1, (n = 0) => [qr(69, 48 + n)]),
  fixed([ESC, GS, Y, S, 0x32], 1, (n = 3) => [qr(67, n)]),
  fixed([ESC, GS, Y, 0x50], 0, () => [qr(81, 48)]),
  {
    opening: [ESC, GS, Y, 0x44, 0x31, 0],
    length: ([low, high]) => (low === undefined || high === undefined ? undefined : 2 + low + high * 256),
    commands: (parameters) => [qr(80, 48, ...parameters.subarray(2))],
  },
  {
    opening: [ESC, 0x62],
    length: (parameters) => {
      const end = parameters.indexOf(RS, 4);
      return end < 0 ? undefined : end + 1;
    },
    commands: ([, , , dots = 0, ...data]) => {
      const text = String.fromCharCode(...data.slice(0, -1)).replaceAll('%0', '%');
      const content = [...`{B${text}`].map((character) => character.charCodeAt(0));
      return [command('GS h', dots), command('GS k', 73, content.length, ...content)];
    },
  },
  {
    opening: [ESC, GS, S],
    length: (p) => (p.length < 6 ? undefined : 6 + word(p[1], p[2]) * word(p[3], p[4])),
    commands: ([, xLow = 0, xHigh = 0, yLow = 0, yHigh = 0, , ...dots]) => [
      command('GS v', 0x30, 0, xLow, xHigh, yLow, yHigh, ...dots),
    ],
  },
  fixed([ESC, RS, 0x61], 1, (n = 0) => [command('GS a', n % 48 === 0 ? 0 : 0xff)]),
  fixed([ESC, 0x16, 0x30], 1, () => [command('GS e', 2)]),
  fixed([ESC, 0x16, 0x31], 1, () => []),
  // status and clearing are obeyed on arrival; here they only take their place
  fixed([ESC, 0x06, 0x01], 0, () => []),
  fixed([ESC, 0x06, 0x18], 0, () => []),
];

function word(low = 0, high = 0): number {
  return low + high * 256;
}

export class StarParser {
  #rest: Uint8Array = NONE;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  push(bytes: Uint8Array): EscposCommand[] {
    this.#rest = Uint8Array.from([...this.#rest, ...bytes]);
    const commands: EscposCommand[] = [];
    let offset = 0;
    while (offset < this.#rest.length) {
      const step = next(this.#rest.subarray(offset));
      if (!step) break;
      commands.push(...step.commands);
      offset += step.length;
    }
    this.#rest = this.#rest.slice(offset);
    return commands;
  }

  reset(): void {
    this.#rest = NONE;
  }
}

function next(bytes: Uint8Array): { readonly length: number; readonly commands: readonly EscposCommand[] } | undefined {
  const control = bytes.findIndex((byte) => byte < 0x20);
  if (control !== 0) {
    const data = control < 0 ? bytes : bytes.subarray(0, control);
    return { length: data.length, commands: [{ name: 'text', data: data.slice() }] };
  }
  const row = ROWS.find(({ opening }) => opening.every((byte, place) => bytes[place] === byte));
  if (!row) {
    const mayBecome = ROWS.some(
      ({ opening }) => opening.length > bytes.length && bytes.every((byte, place) => opening[place] === byte),
    );
    return mayBecome ? undefined : { length: 1, commands: [] };
  }
  const parameters = bytes.subarray(row.opening.length);
  const length = row.length(parameters);
  if (length === undefined || parameters.length < length) return undefined;
  return { length: row.opening.length + length, commands: row.commands(parameters.subarray(0, length)) };
}
