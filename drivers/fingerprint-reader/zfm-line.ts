/**
 * What is known of the line to a module, from one command to the next. An acknowledge carries neither a number nor the name
 * of what it acknowledges, so a late, double or unasked one looks like the right one. The line remembers every acknowledge
 * since the last question: one that says something else than the one taken for the answer is a contradiction, and whoever
 * counts on answers looks whether any doubt came meanwhile.
 */
import {
  INSTRUCTIONS,
  readSystemParameters,
  type InstructionName,
  type SystemParameters,
} from './zfm-instructions.codec.ts';
import { PID, type ZfmEvent, type ZfmPacket } from './zfm-packet.codec.ts';

export interface Acknowledge {
  readonly code: number;
  /** What stands after the code. */
  readonly answer: Uint8Array;
}

/**
 * Which question tells that all earlier answers have come: the module answers in order, and the answer to this one looks
 * like no other we wait for. Random numbers are best, because the second copy of one is known for what it is. A clone that
 * knows neither is listened to until it is silent.
 */
export type SyncQuestion = 'GetRandom' | 'ReadSysPara' | 'silence';

export const CODES = {
  success: 0x00,
  receiveError: 0x01,
  noFinger: 0x02,
  mismatch: 0x08,
  mergeFailed: 0x0a,
  uploadFailed: 0x0d,
  cannotReceive: 0x0e,
  wrongPassword: 0x13,
  noImage: 0x15,
  addressMismatch: 0x20,
  passwordNeeded: 0x21,
} as const;

const SYNC_ANSWER_BYTES: readonly number[] = [INSTRUCTIONS.ReadSysPara.answerBytes, INSTRUCTIONS.GetRandom.answerBytes];
/** More acknowledges to one question than this are one contradiction anyway. */
const REMEMBERED = 32;
const REMEMBERED_RANDOMS = 256;

export class ZfmLine {
  readonly address: number;
  readonly password: number;
  readonly counts = { damaged: 0, garbage: 0, foreign: 0, contradictions: 0 };
  sync: SyncQuestion = 'silence';
  parameters: SystemParameters | undefined;
  /** Password verified, way of synchronising known. */
  isGreeted = false;
  /** A question went unanswered: its answer may still come. */
  isLagging = true;
  /** How often an answer was missing, unreadable to the module or contradicted: what was asked meanwhile is asked anew. */
  doubts = 0;
  /** Answers to synchronising questions that are still to come. */
  owedSyncs = 0;
  /** Bytes came since the last question, and no packet of them. */
  heardGarbage = false;
  #heard: Acknowledge[] = [];
  #taken: Acknowledge | undefined;
  /** Random numbers heard lately, the newest last: one that comes again is an echo of an old answer. */
  #randoms: string[] = [];

  constructor(address: number, password: number) {
    this.address = address;
    this.password = password;
  }

  /** The wire is new. */
  reset(): void {
    this.isGreeted = false;
    this.isLagging = true;
    this.owedSyncs = 0;
    this.sync = 'silence';
    this.parameters = undefined;
    this.forget();
  }

  hearBytes(events: readonly ZfmEvent[]): void {
    if (events.every(({ kind }) => kind !== 'packet')) this.heardGarbage = true;
  }

  hear(event: ZfmEvent): void {
    if (event.kind === 'packet') return this.#hearPacket(event.packet);
    this.counts[event.kind] += 1;
  }

  #hearPacket(packet: ZfmPacket): void {
    if (packet.address !== this.address) {
      this.counts.foreign += 1;
      return;
    }
    if (packet.pid !== PID.acknowledge) return;
    const acknowledge = acknowledgeIn(packet);
    if (isSyncAnswer(acknowledge)) this.#hearSync(acknowledge);
    else if (this.#heard.length < REMEMBERED) this.#heard.push(acknowledge);
  }

  #hearSync(acknowledge: Acknowledge): void {
    if (this.sync === 'silence' || acknowledge.answer.length !== INSTRUCTIONS[this.sync].answerBytes) return;
    if (this.sync === 'GetRandom' && this.#isEcho(acknowledge)) return;
    this.owedSyncs = Math.max(0, this.owedSyncs - 1);
  }

  #isEcho({ answer }: Acknowledge): boolean {
    const random = Buffer.from(answer).toString('hex');
    if (this.#randoms.includes(random)) return true;
    this.#randoms.push(random);
    if (this.#randoms.length > REMEMBERED_RANDOMS) this.#randoms.shift();
    return false;
  }

  /** The acknowledge in this event if it can be the answer to `name`. */
  answerTo(name: InstructionName, event: ZfmEvent): Acknowledge | undefined {
    if (event.kind !== 'packet' || event.packet.pid !== PID.acknowledge) return undefined;
    const acknowledge = acknowledgeIn(event.packet);
    // a module of another address answers under its own
    if (event.packet.address !== this.address && acknowledge.code !== CODES.addressMismatch) return undefined;
    const { code, answer } = acknowledge;
    const isWhole = answer.length === INSTRUCTIONS[name].answerBytes;
    const isBareRefusal = code !== CODES.success && answer.length === 0;
    return isWhole || isBareRefusal ? acknowledge : undefined;
  }

  take(acknowledge: Acknowledge): void {
    this.#taken = acknowledge;
    this.notice(acknowledge);
  }

  /** Keeps what the module says of itself. */
  notice({ answer }: Acknowledge): void {
    this.parameters = readSystemParameters(answer) ?? this.parameters;
  }

  /** Before the next question: what was heard beside the answer that was taken? */
  judge(): void {
    const taken = this.#taken;
    const others = this.#heard.filter((heard) => !(taken && isSame(heard, taken)));
    if (others.length > 0) {
      this.counts.contradictions += 1;
      this.doubts += 1;
    }
    this.forget();
  }

  forget(): void {
    this.#heard = [];
    this.#taken = undefined;
    this.heardGarbage = false;
  }
}

function acknowledgeIn({ content }: ZfmPacket): Acknowledge {
  return { code: content[0] ?? 0, answer: content.slice(1) };
}

function isSyncAnswer({ answer }: Acknowledge): boolean {
  return SYNC_ANSWER_BYTES.includes(answer.length);
}

export function isSame(a: Acknowledge, b: Acknowledge): boolean {
  return a.code === b.code && Buffer.from(a.answer).equals(b.answer);
}
