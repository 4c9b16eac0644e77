/** The station's purchase module at the other end of a purchase (device-protocols 2.6). It holds the keys; this side none. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { describeStatus, readBinary, selectApplication, STATUS } from './apdu.ts';
import type { Dialogue } from './card-dialogue.ts';
import { hexOf, readLayout, type Fields } from './card-layout.codec.ts';
import { creditSam, initializeSam } from './purse-commands.ts';
import { SAM_INITIALIZED } from './purse-layouts.ts';

const TERMINAL_SFI = 0x16;
const TERMINAL_BYTES = 6;

export class Psam {
  readonly #dialogue: Dialogue;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
  }

  /** Number of the terminal, twelve hex digits. */
  async terminal(): Promise<Result<string>> {
    const answer = await this.#dialogue.ask(readBinary(TERMINAL_SFI, TERMINAL_BYTES));
    if (!answer.ok) return answer;
    const { status, data } = answer.value;
    if (status === STATUS.ok && data.length === TERMINAL_BYTES) return ok(hexOf(data));
    return refused('terminal number', status);
  }

  /** The directory of the purse, by its two-byte identifier. */
  async select(directory: string): Promise<Result<null>> {
    const answer = await this.#dialogue.ask(selectApplication(Uint8Array.from(Buffer.from(directory, 'hex'))));
    if (!answer.ok) return answer;
    return answer.value.status === STATUS.ok ? ok(null) : refused(`directory ${directory}`, answer.value.status);
  }

  /** Four bytes each, as hex. */
  async makeMac1(purchase: Fields): Promise<Result<{ readonly terminalSequence: string; readonly mac1: string }>> {
    const answer = await this.#dialogue.act(initializeSam(purchase));
    if (!answer.ok) return answer;
    const { status, data } = answer.value;
    const { terminalSequence, mac1 } = readLayout(SAM_INITIALIZED, data) ?? {};
    if (status !== STATUS.ok || typeof terminalSequence !== 'string' || typeof mac1 !== 'string')
      return refused('MAC1', status);
    return ok({ terminalSequence, mac1 });
  }

  /** Fails with `purse.refused` when the module says that it is wrong; with anything else when nobody knows. */
  async checkMac2(mac2: string): Promise<Result<null>> {
    const answer = await this.#dialogue.act(creditSam(mac2));
    if (!answer.ok) return answer;
    return answer.value.status === STATUS.ok ? ok(null) : refused('MAC2', answer.value.status);
  }
}

function refused(what: string, status: number): Result<never> {
  return fail('purse.refused', `PSAM, ${what}: ${describeStatus(status)}`);
}
