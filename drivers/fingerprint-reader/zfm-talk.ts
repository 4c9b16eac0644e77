/** One command's conversation with the module: questions that may be repeated, and a way to know whose the answers were. */
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { notBegun, type Interruption, type Wait } from '../link/scope.ts';
import { commandContent, CONFIRMATIONS, type InstructionName, type Parameters } from './zfm-instructions.codec.ts';
import { CODES, type Acknowledge, type ZfmLine } from './zfm-line.ts';
import { encodePacket, hex, PID, type ZfmEvent } from './zfm-packet.codec.ts';

/** Either what was wanted, or how the whole command ends. */
export type Answer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly outcome: Outcome<never> };

/** A slow module takes half a second to make features. */
const ANSWER_MS = 1_000;
/** Once, and two repeats. Nothing here is a physical act. */
const ATTEMPTS = 3;
/** A line without a word for so long owes nothing. */
const SILENCE_MS = 300;
/** An answer that did not come after so long a silence will not come. */
const LOST_MS = 5_000;
/** Events on a line that never falls silent. */
const LISTEN_ROUNDS = 100;
const DONE: Answer<undefined> = { ok: true, value: undefined };

/** What a maintainer can do about codes that no finger causes. */
const FAULT_ADVICE: Readonly<Record<number, string>> = {
  [CODES.wrongPassword]: 'write the password of the module into the settings of this device',
  [CODES.addressMismatch]: 'write the address of the module into the settings of this device',
  [CODES.passwordNeeded]: 'the module forgets its password check: look at its power',
};

export class ZfmTalk {
  readonly turn: Turn<ZfmEvent>;
  readonly line: ZfmLine;
  readonly #syncAttempts: number;

  /** `syncAttempts`: once less patient, for a question that is asked again soon anyway. */
  constructor(turn: Turn<ZfmEvent>, line: ZfmLine, syncAttempts = 2) {
    this.turn = turn;
    this.line = line;
    this.#syncAttempts = syncAttempts;
  }

  /** Asks until one of `accepts` is acknowledged. Any other code ends the command as a fault of the module. */
  async ask(
    name: InstructionName,
    accepts: readonly number[] | 'any',
    parameters: Parameters = {},
  ): Promise<Answer<Acknowledge>> {
    let wasGarbage = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (this.line.isLagging) {
        const caughtUp = await this.#catchUp();
        if (!caughtUp.ok) return caughtUp;
      }
      const wait = await this.#once(name, parameters);
      wasGarbage ||= wait.kind === 'timeout' && this.line.heardGarbage;
      if (wait.kind === 'timeout') continue;
      if (wait.kind !== 'got') return interrupted(wait.kind);
      if (accepts === 'any' || accepts.includes(wait.value.code)) return { ok: true, value: wait.value };
      const excuse = await this.#excuse(name, wait.value.code);
      if (!excuse.ok) return excuse;
    }
    return silent(wasGarbage);
  }

  /** Begins a run of questions whose answers count together; give what it returns to `settle`. */
  begin(): number {
    this.line.forget();
    return this.line.doubts;
  }

  /** Waits until every answer owed has come; false when there was any doubt since `begin`. */
  async settle(begun: number): Promise<Answer<boolean>> {
    const synced = await this.#sync(SILENCE_MS);
    if (!synced.ok) return synced;
    this.line.judge();
    return { ok: true, value: this.line.doubts === begun };
  }

  /** Each part of a run of packets leaves or the link is lost. */
  send(packets: readonly Uint8Array[]): Answer<undefined> {
    return packets.every((packet) => this.turn.send(packet)) ? { ok: true, value: undefined } : interrupted('lost');
  }

  async #once(name: InstructionName, parameters: Parameters): Promise<Wait<Acknowledge>> {
    const { line } = this;
    line.judge();
    const content = commandContent(name, parameters);
    const packet = encodePacket({ address: line.address, pid: PID.command, content });
    const wait = await this.turn.ask(packet, (event) => line.answerTo(name, event), ANSWER_MS);
    if (wait.kind === 'got') line.take(wait.value);
    else {
      line.isLagging = true;
      line.doubts += 1;
    }
    return wait;
  }

  /** Ok when the question may be asked again: it came through spoiled, needs the password first, or was answered by another. */
  async #excuse(name: InstructionName, code: number): Promise<Answer<undefined>> {
    const settled = await this.settle(this.line.doubts);
    if (!settled.ok) return settled;
    if (settled.value && code !== CODES.receiveError && (code !== CODES.passwordNeeded || name === 'VfyPwd')) {
      return { ok: false, outcome: moduleFault(code) };
    }
    this.line.doubts += 1;
    return code === CODES.passwordNeeded && name !== 'VfyPwd' ? this.verifyPassword() : DONE;
  }

  async verifyPassword(): Promise<Answer<undefined>> {
    const verified = await this.ask('VfyPwd', [CODES.success], { password: this.line.password });
    return verified.ok ? { ok: true, value: undefined } : verified;
  }

  /** An answer of an earlier question that is still to come must not be taken for the next one's. */
  async #catchUp(): Promise<Answer<undefined>> {
    const synced = await this.#sync(this.line.isGreeted ? LOST_MS : SILENCE_MS);
    if (!synced.ok) return synced;
    this.line.isLagging = false;
    this.line.forget();
    return synced;
  }

  /** Until nothing is owed. `silenceMs`: how long a line that cannot be asked must be silent. */
  async #sync(silenceMs: number): Promise<Answer<undefined>> {
    const { line } = this;
    line.heardGarbage = false;
    if (line.sync === 'silence') return this.#listen(silenceMs);
    for (let attempt = 0; attempt < this.#syncAttempts; attempt += 1) {
      if (line.owedSyncs > 0) {
        const listened = await this.#listen(LOST_MS);
        if (!listened.ok) return listened;
        if (line.owedSyncs === 0) return listened;
        line.owedSyncs = 0;
      }
      const wait = await this.#askSync(line.sync);
      if (wait.kind === 'timeout') continue;
      if (wait.kind !== 'got') return this.#lag(interrupted(wait.kind));
      if (wait.value === 'synced') return DONE;
      // the module was switched off and on: greet it anew, before the next command
      line.isGreeted = false;
      line.owedSyncs = 0;
      line.sync = 'silence';
      return this.#listen(SILENCE_MS);
    }
    return this.#lag(silent(line.heardGarbage));
  }

  #askSync(question: 'ReadSysPara' | 'GetRandom'): Promise<Wait<'synced' | 'passwordNeeded'>> {
    const { line } = this;
    line.owedSyncs += 1;
    const packet = encodePacket({ address: line.address, pid: PID.command, content: commandContent(question) });
    const match = (event: ZfmEvent): 'synced' | 'passwordNeeded' | undefined => {
      if (line.owedSyncs === 0) return 'synced';
      return line.answerTo(question, event)?.code === CODES.passwordNeeded ? 'passwordNeeded' : undefined;
    };
    return this.turn.ask(packet, match, ANSWER_MS);
  }

  /** Until nothing was said for so long, or until the last answer owed has come. */
  async #listen(silenceMs: number): Promise<Answer<undefined>> {
    const { line } = this;
    const owedSome = line.owedSyncs > 0;
    for (let round = 0; round < LISTEN_ROUNDS; round += 1) {
      const wait = await this.turn.next(() => true, silenceMs);
      if (wait.kind === 'timeout' || (owedSome && line.owedSyncs === 0)) return DONE;
      if (wait.kind !== 'got') return this.#lag(interrupted(wait.kind));
    }
    return this.#lag(garbled('the line does not fall silent'));
  }

  #lag(answer: Answer<undefined>): Answer<undefined> {
    this.line.isLagging = true;
    return answer;
  }
}

/** Nothing here moves anything: whatever ended it, it had no effect. */
export function interrupted(reason: Interruption): Answer<never> {
  return { ok: false, outcome: notBegun(reason) };
}

export function garbled(detail: string): Answer<never> {
  return { ok: false, outcome: failed('device.garbage', 'none', detail) };
}

export function moduleFault(code: number): Outcome<never> {
  const name = CONFIRMATIONS[code] ?? 'unknownError';
  const advice = FAULT_ADVICE[code];
  return failed('finger.sensorFault', 'none', `code ${hex(code, 2)} ${name}${advice ? `: ${advice}` : ''}`);
}

function silent(wasGarbage: boolean): Answer<never> {
  if (wasGarbage) return garbled('only bytes that are no packet of this protocol came back');
  return { ok: false, outcome: failed('device.absent', 'none', 'the module does not answer') };
}
