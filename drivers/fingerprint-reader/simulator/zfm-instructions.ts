/** What each instruction does to the memory and what it answers (device-protocols 3.2 to 3.4). */
import { USABLE_QUALITY, type SimulatedFinger } from './fingers.ts';
import type { ZfmMemory } from './zfm-memory.ts';

export const CODE = {
  success: 0x00,
  receiveError: 0x01,
  noFinger: 0x02,
  captureFailed: 0x03,
  tooMessy: 0x06,
  tooFewFeatures: 0x07,
  mismatch: 0x08,
  notFound: 0x09,
  mergeFailed: 0x0a,
  badPage: 0x0b,
  unreadable: 0x0c,
  uploadFailed: 0x0d,
  deleteFailed: 0x10,
  wrongPassword: 0x13,
  noImage: 0x15,
  flashError: 0x18,
  badRegister: 0x1a,
  addressMismatch: 0x20,
  passwordNeeded: 0x21,
} as const;

/** What lies on the sensor and how the module feels, when the instruction comes. */
export interface Scene {
  readonly memory: ZfmMemory;
  readonly finger: SimulatedFinger | undefined;
  readonly captureFails: boolean;
  readonly flashError: boolean;
}

export interface Answer {
  readonly code: number;
  readonly content?: readonly number[];
}

type Act = (scene: Scene, parameters: Uint8Array) => Answer;

const SUCCESS: Answer = { code: CODE.success };

/** Instructions that only touch memory; transfers, parameters and secrets are the module's own business. */
export const MEMORY_ACTS: Readonly<Record<number, Act>> = {
  0x01: genImg,
  0x02: img2Tz,
  0x03: match,
  0x04: search,
  0x05: ({ memory }) => (memory.merge() ? SUCCESS : { code: CODE.mergeFailed }),
  0x06: store,
  0x07: loadChar,
  0x0c: deleteChar,
  0x0d: empty,
  0x1b: search,
  0x1d: ({ memory }) => ({ code: CODE.success, content: word(memory.pages.size) }),
  0x1f: readConList,
};

export function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function genImg({ memory, finger, captureFails }: Scene): Answer {
  if (!finger) return { code: CODE.noFinger };
  if (captureFails) return { code: CODE.captureFailed };
  memory.capture(finger);
  return SUCCESS;
}

function img2Tz({ memory }: Scene, [buffer = 1]: Uint8Array): Answer {
  if (!memory.hasImage) return { code: CODE.noImage };
  const finger = memory.makeFeatures(buffer);
  if (!finger || finger.quality >= USABLE_QUALITY) return SUCCESS;
  memory.setBuffer(buffer, new Uint8Array());
  return { code: finger.skin === 'wet' ? CODE.tooMessy : CODE.tooFewFeatures };
}

function match({ memory }: Scene): Answer {
  const score = memory.score(memory.buffer(1), memory.buffer(2));
  return { code: score > 0 ? CODE.success : CODE.mismatch, content: word(score) };
}

/** Page and score are there on a miss, too. */
function search({ memory }: Scene, parameters: Uint8Array): Answer {
  const [buffer = 1] = parameters;
  const start = wordAt(parameters, 1);
  const count = wordAt(parameters, 3);
  for (const [page, template] of [...memory.pages].toSorted(([a], [b]) => a - b)) {
    const score = page >= start && page < start + count ? memory.score(memory.buffer(buffer), template) : 0;
    if (score > 0) return { code: CODE.success, content: [...word(page), ...word(score)] };
  }
  return { code: CODE.notFound, content: [0, 0, 0, 0] };
}

function store({ memory, flashError }: Scene, parameters: Uint8Array): Answer {
  const page = wordAt(parameters, 1);
  if (page >= memory.sizes.capacity) return { code: CODE.badPage };
  if (flashError) return { code: CODE.flashError };
  memory.pages.set(page, memory.buffer(parameters[0] ?? 1).slice());
  return SUCCESS;
}

function loadChar({ memory }: Scene, parameters: Uint8Array): Answer {
  const page = wordAt(parameters, 1);
  if (page >= memory.sizes.capacity) return { code: CODE.badPage };
  const template = memory.pages.get(page);
  if (!template) return { code: CODE.unreadable };
  memory.setBuffer(parameters[0] ?? 1, template.slice());
  return SUCCESS;
}

function deleteChar({ memory, flashError }: Scene, parameters: Uint8Array): Answer {
  const first = wordAt(parameters, 0);
  const end = first + wordAt(parameters, 2);
  if (flashError || end > memory.sizes.capacity) return { code: CODE.deleteFailed };
  for (let page = first; page < end; page += 1) memory.pages.delete(page);
  return SUCCESS;
}

function empty({ memory, flashError }: Scene): Answer {
  if (flashError) return { code: 0x11 };
  memory.pages.clear();
  return SUCCESS;
}

/** One bit a page, 256 pages a list, the lowest bit first. */
function readConList({ memory }: Scene, [list = 0]: Uint8Array): Answer {
  const bits = new Uint8Array(32);
  for (const page of memory.pages.keys()) {
    const bit = page - list * 256;
    if (bit >= 0 && bit < 256) bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return { code: CODE.success, content: [...bits] };
}
