/** The three locker protocols for a person with a line of hex (device-protocols 6.1 to 6.3). */
import { parse } from '../../contract/check.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../wire-key.ts';
import { encode8a, encodeStateAll8a, read8a, readStateAll8a, type Frame8a } from './board-8a.codec.ts';
import { encodeCu48, readCu48, type Cu48Frame } from './cu48.codec.ts';
import { FrameCutter, hexByte, type ReadFrame } from './frame-cutter.ts';
import { encodeKerong, readKerong, type KerongFrame } from './kerong.codec.ts';
import { Meaning8a, MeaningCu48, MeaningKerong } from './locker-meanings.schema.ts';

/** All frames of a run of bytes, or the first thing that is wrong with them. */
function framesIn<Frame>(bytes: Uint8Array, read: ReadFrame<Frame>): Result<Frame[]> {
  const frames: Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const reading = read(bytes.subarray(at));
    if (reading.kind === 'short') return fail('device.garbage', `cut off: the frame at byte ${at} has no end`);
    if (reading.kind === 'fault') return fail('device.garbage', `byte ${at + reading.at}: ${reading.reason}`);
    frames.push(reading.frame);
    at += reading.length;
  }
  return frames.length > 0 ? ok(frames) : fail('device.garbage', 'no bytes');
}

function oneOrMore(meanings: readonly Meaning[]): Meaning {
  return meanings.length === 1 ? (meanings[0] ?? null) : meanings;
}

/** Encodes one meaning or a list of them. */
function encodeEach(meaning: unknown, encode: (one: unknown) => Result<Uint8Array>): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const bytes = encode(one);
    if (!bytes.ok) return bytes;
    parts.push(bytes.value);
  }
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

function decode8a(bytes: Uint8Array): Result<Meaning> {
  const frames = framesIn(bytes, read8a);
  if (frames.ok) return ok(oneOrMore(frames.value.map(meaning8a)));
  const all = readStateAll8a(bytes);
  if (!all) return frames;
  const statusBytes = [...all.statusBytes].map(hexByte);
  return ok({ direction: 'fromDevice', answer: 'stateOfAll', board: all.board, statusBytes });
}

function meaning8a(frame: Frame8a): Meaning {
  const { kind, board } = frame;
  switch (kind) {
    case 'open': {
      const { lock } = frame;
      return {
        readings: [
          { direction: 'toDevice', command: 'open', board, lock },
          { direction: 'fromDevice', answer: 'openFeedback', board, lock, stateByte: '11' },
        ],
      };
    }
    case 'query':
      return { direction: 'toDevice', command: 'query', board, lock: frame.lock };
    case 'openAll':
    case 'queryAll':
      return { direction: 'toDevice', command: kind, board };
    case 'feedback00':
      return { direction: 'fromDevice', answer: 'openFeedback', board, lock: frame.lock, stateByte: '00' };
    case 'state':
      return { direction: 'fromDevice', answer: 'state', board, lock: frame.lock, stateByte: frame.is11 ? '11' : '00' };
  }
}

function encodeMeaning8a(value: unknown): Result<Uint8Array> {
  const parsed = parse(Meaning8a, value);
  if (!parsed.ok) return parsed;
  const meaning = 'readings' in parsed.value ? parsed.value.readings[0] : parsed.value;
  if ('statusBytes' in meaning) {
    const statusBytes = Uint8Array.from(Buffer.from(meaning.statusBytes.join(''), 'hex'));
    return ok(encodeStateAll8a({ board: meaning.board, statusBytes }));
  }
  if ('command' in meaning) {
    return ok(
      'lock' in meaning
        ? encode8a({ kind: meaning.command, board: meaning.board, lock: meaning.lock })
        : encode8a({ kind: meaning.command, board: meaning.board }),
    );
  }
  const { answer, board, lock, stateByte } = meaning;
  if (answer === 'state') return ok(encode8a({ kind: 'state', board, lock, is11: stateByte === '11' }));
  return ok(encode8a({ kind: stateByte === '11' ? 'open' : 'feedback00', board, lock }));
}

function meaningKerong(frame: KerongFrame): Meaning {
  switch (frame.kind) {
    case 'command':
      return { direction: 'toDevice', command: frame.command, ...addressOf(frame) };
    case 'status':
      return {
        direction: 'fromDevice',
        answer: 'status',
        board: frame.board,
        lock: frame.lock,
        openLocks: indexes(frame.closed, false),
        infraredLocks: indexes(frame.presence, true),
      };
    case 'other':
      return {
        direction: 'fromDevice',
        answer: 'other36',
        board: frame.board,
        lock: frame.lock,
        dataBytes: [...frame.data].map(hexByte),
      };
  }
}

/** ADDR F0 names every board, and would also be lock 0 of a board 15. */
function addressOf({ board, lock }: { board: number; lock: number }): { [name: string]: Meaning } {
  return board === 15 && lock === 0 ? { board: 'all', orBoard: 15, lock } : { board, lock };
}

function encodeMeaningKerong(value: unknown): Result<Uint8Array> {
  const parsed = parse(MeaningKerong, value);
  if (!parsed.ok) return parsed;
  const meaning = parsed.value;
  if ('command' in meaning) {
    const { command, lock } = meaning;
    return ok(encodeKerong({ kind: 'command', command, board: meaning.board === 'all' ? 15 : meaning.board, lock }));
  }
  const { board, lock } = meaning;
  if (meaning.answer === 'other36') {
    const data = Uint8Array.from(Buffer.from(meaning.dataBytes.join(''), 'hex'));
    return ok(encodeKerong({ kind: 'other', board, lock, data }));
  }
  const closed = flags(meaning.openLocks, 16).map((open) => !open);
  return ok(encodeKerong({ kind: 'status', board, lock, closed, presence: flags(meaning.infraredLocks, 16) }));
}

function meaningCu48(frame: Cu48Frame): Meaning {
  const { kind, device } = frame;
  switch (kind) {
    case 'status':
    case 'open':
      return { direction: 'toDevice', command: kind, device, lock: frame.lock };
    case 'state':
      return { direction: 'fromDevice', answer: 'status', device, bitsSet: indexes(frame.bits, true) };
    case 'feedback':
      return { direction: 'fromDevice', answer: 'feedback', device, lock: frame.lock };
  }
}

function encodeMeaningCu48(value: unknown): Result<Uint8Array> {
  const parsed = parse(MeaningCu48, value);
  if (!parsed.ok) return parsed;
  const meaning = parsed.value;
  const { device } = meaning;
  if ('command' in meaning) return ok(encodeCu48({ kind: meaning.command, device, lock: meaning.lock }));
  if (meaning.answer === 'feedback') return ok(encodeCu48({ kind: 'feedback', device, lock: meaning.lock }));
  return ok(encodeCu48({ kind: 'state', device, bits: flags(meaning.bitsSet, 48) }));
}

function indexes(values: readonly boolean[], wanted: boolean): number[] {
  return values.flatMap((value, index) => (value === wanted ? [index] : []));
}

function flags(set: readonly number[], length: number): boolean[] {
  return Array.from({ length }, (_, index) => set.includes(index));
}

export const WIRE_KEYS: readonly WireKey[] = [
  {
    key: 'locker-8a',
    protocol: 'Lock boards "8A", RS-485 9600 8N1 (device-protocols 6.1)',
    decode: decode8a,
    encode: (meaning) => encodeEach(meaning, encodeMeaning8a),
    stream: () => new FrameCutter(read8a),
  },
  {
    key: 'locker-kerong-cu16',
    protocol: 'Lock boards Kerong CU16 and KR-CU, RS-485 19200 8N1 (device-protocols 6.2)',
    decode: (bytes) => meaningsOf(framesIn(bytes, readKerong), meaningKerong),
    encode: (meaning) => encodeEach(meaning, encodeMeaningKerong),
    stream: () => new FrameCutter(readKerong),
  },
  {
    key: 'locker-cu48',
    protocol: 'Lock boards CU48, RS-485 (device-protocols 6.3)',
    decode: (bytes) => meaningsOf(framesIn(bytes, readCu48), meaningCu48),
    encode: (meaning) => encodeEach(meaning, encodeMeaningCu48),
    stream: () => new FrameCutter(readCu48),
  },
];

function meaningsOf<Frame>(frames: Result<Frame[]>, meaning: (frame: Frame) => Meaning): Result<Meaning> {
  return frames.ok ? ok(oneOrMore(frames.value.map(meaning))) : frames;
}
