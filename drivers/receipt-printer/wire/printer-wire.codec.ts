/**
 * A run of printer bytes of either direction as a list of meanings, and back. The direction is not given: what is a
 * sequence of known commands goes to the printer, what is a sequence of known answers comes from it.
 */
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import type { Meaning, WireDirection } from '../../wire-key.ts';
import type { CommandRow } from './escpos-commands.codec.ts';
import type { AnswerRow } from './printer-answers.codec.ts';
import { bad, bytesOf, EXPECTED, type Facts, type Reading } from './wire-part.codec.ts';
import { INITIAL_MODE, readText, writeText, type TextMode } from './wire-text.codec.ts';

export interface PrinterLanguage {
  readonly commands: readonly CommandRow[];
  readonly answers: readonly AnswerRow[];
}

interface Damage {
  readonly at: number;
  readonly reason: string;
}

type Damaged = Extract<Reading, { readonly reason: string }>;
type Walk = { readonly meanings: readonly Facts[] } | { readonly damage: Damage };

/** A host that resynchronises sends thousands; a few zeros are status bytes. */
const LEAST_PADDING = 16;

/** Finds rows by their first byte, longest opening first. */
class CommandFinder {
  readonly #rows = new Map<number, { readonly opening: Uint8Array; readonly row: CommandRow }[]>();

  constructor(rows: readonly CommandRow[]) {
    for (const row of rows) {
      const opening = bytesOf(row.opening);
      const first = opening[0] ?? 0;
      const same = this.#rows.get(first) ?? [];
      same.push({ opening, row });
      same.sort((a, b) => b.opening.length - a.opening.length);
      this.#rows.set(first, same);
    }
  }

  read(bytes: Uint8Array): Reading {
    const same = this.#rows.get(bytes[0] ?? 0) ?? [];
    let problem: Damaged | undefined;
    for (const { opening, row } of same) {
      const isWhole = opening.every((value, place) => bytes[place] === value);
      if (!isWhole) {
        const isBeginning = bytes.length < opening.length && bytes.every((value, place) => opening[place] === value);
        if (isBeginning) problem ??= { reason: 'cut short' };
        continue;
      }
      const reading = row.parameters.read(bytes.subarray(opening.length));
      if (!('reason' in reading)) {
        return {
          length: opening.length + reading.length,
          facts: { command: row.name, code: row.code, ...reading.facts },
        };
      }
      // of several rows with one opening, the one that was read furthest says what is wrong
      if (!problem || problem.reason.endsWith(EXPECTED)) problem = reading;
    }
    return problem ?? bad(NO_COMMAND);
  }
}

export class PrinterWire {
  readonly #commands: CommandFinder;
  readonly #language: PrinterLanguage;

  constructor(language: PrinterLanguage) {
    this.#language = language;
    this.#commands = new CommandFinder(language.commands);
  }

  decode(bytes: Uint8Array): Result<Meaning> {
    if (bytes.length === 0) return fail('device.garbage', 'byte 0: nothing there');
    const toPrinter = this.#walkCommands(bytes);
    const fromPrinter = this.#walkAnswers(bytes);
    if ('meanings' in toPrinter && 'meanings' in fromPrinter) {
      // One byte that is a command and an answer, as 0C: a form feed, or the answer of GS r at paper end.
      if (bytes.length === 1) return ok({ either: [toPrinter.meanings[0], fromPrinter.meanings[0]] as Meaning });
      return ok(listed(toPrinter.meanings));
    }
    if ('meanings' in toPrinter) return ok(listed(toPrinter.meanings));
    if ('meanings' in fromPrinter) return ok(listed(fromPrinter.meanings));
    const { at, reason } = tellingOf(toPrinter.damage, fromPrinter.damage);
    return fail('device.garbage', `byte ${at}: ${reason}`);
  }

  encode(meaning: unknown): Result<Uint8Array> {
    const list: readonly unknown[] = Array.isArray(meaning) ? meaning : [meaning];
    const pieces: Uint8Array[] = [];
    for (const [place, item] of list.entries()) {
      const bytes = typeof item === 'object' && item !== null ? this.#write(item as Facts) : undefined;
      if (!bytes)
        return fail('device.garbage', `item ${place} gives no bytes: unknown, incomplete, or too large to be shown`);
      pieces.push(bytes);
    }
    return ok(Uint8Array.from(Buffer.concat(pieces)));
  }

  /** Names, numbers and codes of a slip become stars, pictures white; what cannot be read is blanked whole. */
  mask(direction: WireDirection, bytes: Uint8Array): Uint8Array {
    if (direction === 'fromDevice') return bytes;
    const masked = Uint8Array.from(bytes);
    let at = 0;
    while (at < bytes.length) {
      const reading = this.#commandAt(bytes.subarray(at), INITIAL_MODE);
      if ('reason' in reading) {
        masked.fill(BLANK, at);
        break;
      }
      blank(masked.subarray(at, at + reading.length), reading.facts);
      at += reading.length;
    }
    return masked;
  }

  #walkCommands(bytes: Uint8Array): Walk {
    const meanings: Facts[] = [];
    let mode = INITIAL_MODE;
    let at = 0;
    while (at < bytes.length) {
      const reading = this.#commandAt(bytes.subarray(at), mode);
      if ('reason' in reading) return { damage: { at, reason: reading.reason } };
      mode = modeAfter(reading.facts, mode);
      meanings.push(reading.facts);
      at += reading.length;
    }
    // Letters alone are rather an answer that lost its head or its end than a slip.
    if (meanings.length === 1 && isAsciiText(meanings[0]))
      return { damage: { at: 0, reason: 'letters and no command' } };
    return { meanings };
  }

  #commandAt(bytes: Uint8Array, mode: TextMode): Reading {
    const [first = 0] = bytes;
    if (first >= 0x20) {
      const reading = readText(bytes, mode);
      return 'reason' in reading ? reading : { ...reading, facts: { command: 'text', ...reading.facts } };
    }
    if (first !== 0) return this.#commands.read(bytes);
    const end = bytes.findIndex((value) => value !== 0);
    const length = end < 0 ? bytes.length : end;
    if (length < LEAST_PADDING) return bad('zeros that end no command');
    return { length, facts: { command: 'padding', code: 'NUL', bytes: length } };
  }

  #walkAnswers(bytes: Uint8Array): Walk {
    const meanings: Facts[] = [];
    let at = 0;
    let lastWasBare = false;
    while (at < bytes.length) {
      const reading = this.#answerAt(bytes.subarray(at));
      if ('reason' in reading) return { damage: { at, reason: reading.reason } };
      // Answers of GS r and GS e have no fixed bits: two in a row are the rest of something damaged.
      const isBare = reading.facts['answer'] === 'queuedStatus';
      if (isBare && lastWasBare) return { damage: { at, reason: 'bytes without any pattern' } };
      lastWasBare = isBare;
      meanings.push(reading.facts);
      at += reading.length;
    }
    return { meanings };
  }

  #answerAt(bytes: Uint8Array): Reading {
    for (const row of this.#language.answers) {
      const reading = row.read(bytes);
      if (!reading) continue;
      if ('reason' in reading) return reading;
      return { length: reading.length, facts: { answer: row.name, ...reading.facts } };
    }
    return bad(NO_ANSWER);
  }

  #write(facts: Facts): Uint8Array | undefined {
    const either: unknown = Array.isArray(facts['either']) ? facts['either'][0] : undefined;
    if (typeof either === 'object' && either !== null) return this.#write(either as Facts);
    if (facts['command'] === 'text') return writeText(facts);
    if (facts['command'] === 'padding') {
      return typeof facts['bytes'] === 'number' ? new Uint8Array(facts['bytes']) : undefined;
    }
    for (const row of this.#language.commands) {
      if (row.name !== facts['command'] || row.code !== facts['code']) continue;
      const parameters = row.parameters.write(facts);
      if (parameters) return Uint8Array.of(...bytesOf(row.opening), ...parameters);
    }
    return this.#language.answers.find(({ name }) => name === facts['answer'])?.write(facts);
  }
}

const NO_COMMAND = 'no known command';
const NO_ANSWER = 'no known answer';

/** A damage inside something known tells more than one before anything known; else what came further. */
function tellingOf(command: Damage, answer: Damage): Damage {
  const knowsAnswer = answer.reason !== NO_ANSWER;
  const knowsCommand = command.reason !== NO_COMMAND;
  if (knowsAnswer !== knowsCommand) return knowsAnswer ? answer : command;
  return command.at >= answer.at ? command : answer;
}

function listed(meanings: readonly Facts[]): Meaning {
  const [only] = meanings;
  return (meanings.length === 1 && only ? only : meanings) as Meaning;
}

function isAsciiText(facts: Facts | undefined): boolean {
  const text = facts?.['command'] === 'text' ? facts['text'] : undefined;
  return typeof text === 'string' && /^[ -~]*$/.test(text);
}

/** ESC @ goes back to what the printer is set to. */
function modeAfter(facts: Facts, mode: TextMode): TextMode {
  switch (facts['command']) {
    case 'initialise':
      return INITIAL_MODE;
    case 'chineseMode':
      return { ...mode, isChinese: true };
    case 'leaveChineseMode':
      return { ...mode, isChinese: false };
    case 'codePage':
      return { ...mode, page: typeof facts['page'] === 'number' ? facts['page'] : mode.page };
    default:
      return mode;
  }
}

const BLANK = 0x2a;
/** Commands that carry what is printed: how many bytes go before it, and what takes its place. */
const CARRIES: Readonly<Record<string, { readonly head: number; readonly blank: number }>> = {
  text: { head: 0, blank: BLANK },
  qrStore: { head: 8, blank: BLANK },
  barcode: { head: 6, blank: BLANK },
  picture: { head: 8, blank: 0 },
  bitImage: { head: 5, blank: 0 },
  doubleQr: { head: 2, blank: BLANK },
};
/** NUL of an old bar code, RS of Star's. */
const ENDS = [0x00, 0x1e];

function blank(frame: Uint8Array, facts: Facts): void {
  const command = facts['command'];
  const carries = typeof command === 'string' ? CARRIES[command] : undefined;
  if (!carries) return;
  const tail = command === 'barcode' && ENDS.includes(frame.at(-1) ?? -1) ? 1 : 0;
  frame.fill(carries.blank, Math.min(carries.head, frame.length), frame.length - tail);
}
