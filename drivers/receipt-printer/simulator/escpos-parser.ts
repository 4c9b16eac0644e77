/**
 * Cuts a stream of ESC/POS into commands, however it is chopped (device-protocols 4.2, 4.3, 4.9). Knows how long each
 * command is and nothing of what it does.
 */
export interface EscposCommand {
  /** `text`, a control name (`LF`), or prefix and letter (`ESC @`, `GS k`); `unknown` for what no table has. */
  readonly name: string;
  /** All bytes after the name: parameters and data. */
  readonly data: Uint8Array;
}

const PREFIXES: Readonly<Record<number, string>> = { 0x10: 'DLE', 0x1b: 'ESC', 0x1c: 'FS', 0x1d: 'GS' };
const CONTROLS: Readonly<Record<number, string>> = { 0x09: 'HT', 0x0a: 'LF', 0x0c: 'FF', 0x0d: 'CR', 0x18: 'CAN' };

/** Number of parameter bytes of every command of fixed length. */
const FIXED = new Map<string, number>([
  ...entries('ESC', 0, '@2SLim'),
  ...entries('ESC', 1, '3!EG-adJRtMV{= TreKU'),
  ...entries('ESC', 2, 'c$\\'),
  ...entries('ESC', 3, 'p'),
  ...entries('FS', 0, '&.'),
  ...entries('FS', 1, '!-WC'),
  ...entries('FS', 2, 'Sp'),
  ...entries('GS', 0, ':'),
  ...entries('GS', 1, '!arIBhwHfbT/'),
  ...entries('GS', 2, 'LWP$\\'),
  ['DLE 04', 1],
  ['DLE 05', 1],
  ['GS E0', 1],
  ['GS E1', 0],
]);

function entries(prefix: string, parameters: number, letters: string): [string, number][] {
  return [...letters].map((letter) => [`${prefix} ${letter}`, parameters]);
}

/** Total bytes of a command whose length stands in its own bytes; undefined while too few are there. */
const VARIABLE: Readonly<Record<string, (bytes: Uint8Array) => number | undefined>> = {
  'ESC *': ([, , m, low, high]) => (high === undefined ? undefined : 5 + word(low, high) * ((m ?? 0) >= 32 ? 3 : 1)),
  'ESC D': terminated,
  'GS V': ([, , m]) => (m === undefined ? undefined : m === 65 || m === 66 ? 4 : 3),
  'FS (': ([, , , low, high]) => (high === undefined ? undefined : 5 + word(low, high)),
  'GS (': ([, , , low, high]) => (high === undefined ? undefined : 5 + word(low, high)),
  'GS v': (bytes) => (bytes.length < 8 ? undefined : 8 + word(bytes[4], bytes[5]) * word(bytes[6], bytes[7])),
  'GS k': (bytes) => {
    const m = bytes[2];
    if (m === undefined) return undefined;
    if (m <= 6) return terminated(bytes);
    return bytes[3] === undefined ? undefined : 4 + bytes[3];
  },
  /** Citizen: `0` retracts, `1` and a digit set the hold time. */
  'GS R': ([, , n]) => (n === undefined ? undefined : n === 0x31 ? 4 : 3),
  /** Custom: only `present` carries the number of steps. */
  'GS e': ([, , n]) => (n === undefined ? undefined : n === 3 ? 4 : 3),
  'DLE 14': ([, , n]) => (n === undefined ? undefined : n === 8 ? 10 : 5),
};

function word(low = 0, high = 0): number {
  return low + high * 256;
}

function terminated(bytes: Uint8Array): number | undefined {
  const end = bytes.indexOf(0, 2);
  return end < 0 ? undefined : end + 1;
}

export class EscposParser {
  #rest: Uint8Array = new Uint8Array();

  get pendingBytes(): number {
    return this.#rest.length;
  }

  /** The commands that are complete now; the beginning of the next one is kept. */
  push(bytes: Uint8Array): EscposCommand[] {
    this.#rest = Uint8Array.from([...this.#rest, ...bytes]);
    const commands: EscposCommand[] = [];
    let offset = 0;
    while (offset < this.#rest.length) {
      const bytesLeft = this.#rest.subarray(offset);
      const step = next(bytesLeft);
      if (!step) break;
      if (step.command) commands.push(step.command);
      offset += step.length;
    }
    this.#rest = this.#rest.slice(offset);
    return commands;
  }

  /** Forgets a half-received command. */
  reset(): void {
    this.#rest = new Uint8Array();
  }
}

function next(bytes: Uint8Array): { readonly length: number; readonly command?: EscposCommand } | undefined {
  const first = bytes[0] ?? 0;
  if (first >= 0x20) return text(bytes);
  const prefix = PREFIXES[first];
  if (prefix === undefined) {
    const control = CONTROLS[first];
    return control === undefined ? { length: 1 } : { length: 1, command: { name: control, data: new Uint8Array() } };
  }
  const second = bytes[1];
  if (second === undefined) return undefined;
  const name = `${prefix} ${letterOf(prefix, second)}`;
  const fixed = FIXED.get(name);
  const length = fixed === undefined ? VARIABLE[name]?.(bytes) : fixed + 2;
  if (length === undefined && VARIABLE[name] === undefined) {
    return { length: 2, command: { name: 'unknown', data: bytes.slice(0, 2) } };
  }
  if (length === undefined || bytes.length < length) return undefined;
  return { length, command: { name, data: bytes.slice(2, length) } };
}

function letterOf(prefix: string, byte: number): string {
  const printable = byte >= 0x20 && byte < 0x7f && prefix !== 'DLE';
  return printable ? String.fromCharCode(byte) : byte.toString(16).toUpperCase().padStart(2, '0');
}

/** No byte of a GB18030 character lies below 20h, so that a run of text ends at the next control byte. */
function text(bytes: Uint8Array): { length: number; command: EscposCommand } {
  let length = 1;
  while (length < bytes.length && (bytes[length] ?? 0) >= 0x20) length += 1;
  return { length, command: { name: 'text', data: bytes.slice(0, length) } };
}
