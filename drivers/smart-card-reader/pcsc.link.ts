/**
 * Card readers of the machine's PC/SC service. The service may be absent, come later, be killed and come back: each time
 * everything is built anew, for handles of an old service are dead and enumerations made without readers stay empty
 * (device-protocols 2.8).
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { fail, ok, problem, type Problem, type Result } from '../../contract/outcome.schema.ts';
import { ConditionHolder, type CardConnection, type CardLink, type CardLinkCondition } from './card-link.ts';
import { loadPcscAddOn, PCSC, type PcscAddOn, type PcscCard, type PcscClient, type PcscReader } from './pcsc-add-on.ts';
import { pcscErrorName, problemOfPcscError } from './pcsc-errors.ts';

export interface PcscCardLinkOptions {
  /** Beginning of the reader's name; the numbers at its end depend on the order of plugging. Absent: any reader. */
  readonly reader?: string | undefined;
  readonly clock: Clock;
  readonly load?: () => Result<PcscAddOn>;
}

/**
 * Clients of a service that died. The add-on cannot let them go: collected as garbage they raise an uncaught exception in the
 * whole process, some time later. So they are kept, one small object for each death of the service.
 */
const DEAD_CLIENTS = new Set<PcscClient>();
const BACK_OFF_MS = [250, 500, 1_000, 2_000, 5_000];

interface KnownReader {
  readonly reader: PcscReader;
  hasCard: boolean;
  /** Of the card that lies there, as the service told it; empty when it did not. */
  atr: Uint8Array;
}

export class PcscCardLink implements CardLink {
  readonly address: string;
  readonly isChecked = true;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #load: () => Result<PcscAddOn>;
  readonly #condition = new ConditionHolder();
  readonly #readers = new Map<string, KnownReader>();
  #client: PcscClient | undefined;
  #timer: TimerHandle | undefined;
  #failures = 0;
  #isOpen = false;

  constructor({ reader, clock, load = loadPcscAddOn }: PcscCardLinkOptions) {
    this.address = reader ? `pcsc ${reader}` : 'pcsc';
    this.#prefix = reader ?? '';
    this.#clock = clock;
    this.#load = load;
  }

  get condition(): CardLinkCondition {
    return this.#condition.value;
  }

  onChange(listener: (condition: CardLinkCondition) => void): () => void {
    return this.#condition.onChange(listener);
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#start();
  }

  async connect(): Promise<Result<CardConnection>> {
    const { state, problem: why } = this.condition;
    if (state !== 'online') return { ok: false, problem: why ?? problem('device.absent') };
    const known = [...this.#readers.values()].find(({ hasCard }) => hasCard);
    if (!known) return fail('card.removed');
    try {
      // exclusive: no other program may select another application in the middle of a reading
      const card = await known.reader.connect(PCSC.exclusive);
      return await connectionTo(card, known.atr);
    } catch (error) {
      return { ok: false, problem: problemOfPcscError(error) };
    }
  }

  close(): Promise<void> {
    this.#isOpen = false;
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#letGo();
    this.#condition.offline(problem('device.absent', 'closed'));
    return Promise.resolve();
  }

  #start(): void {
    const addOn = this.#load();
    if (!addOn.ok) return this.#failed(addOn.problem);
    try {
      const client = new addOn.value.Client();
      this.#client = client;
      client.on('error', (error) => this.#isCurrent(client) && this.#failed(serviceProblem(error)));
      client.on('reader', (reader) => this.#isCurrent(client) && this.#found(client, reader));
      client.start();
    } catch (error) {
      return this.#failed(serviceProblem(error));
    }
    this.#failures = 0;
    this.#look();
  }

  #isCurrent(client: PcscClient): boolean {
    return client === this.#client;
  }

  #found(client: PcscClient, reader: PcscReader): void {
    const name = reader.name();
    if (!name.startsWith(this.#prefix)) return;
    const known: KnownReader = { reader, hasCard: false, atr: new Uint8Array() };
    this.#readers.set(name, known);
    reader.on('change', (status, atr) => {
      if (!this.#isCurrent(client)) return;
      known.atr = Uint8Array.from(atr);
      known.hasCard = status.has(PCSC.present);
      this.#look();
    });
    reader.on('disconnect', () => {
      if (!this.#isCurrent(client)) return;
      this.#readers.delete(name);
      this.#look();
    });
    this.#look();
  }

  #look(): void {
    const readers = [...this.#readers.values()];
    if (readers.length > 0) {
      return this.#condition.online(readers.some(({ hasCard }) => hasCard) ? 'present' : 'notPresent');
    }
    const which = this.#prefix ? `no reader named ${this.#prefix}` : 'no reader';
    this.#condition.offline(problem('device.absent', `the PC/SC service has ${which}`));
  }

  #failed(why: Problem): void {
    this.#letGo();
    this.#condition.offline(why);
    const waitMs = BACK_OFF_MS[Math.min(this.#failures, BACK_OFF_MS.length - 1)] ?? 5_000;
    this.#failures += 1;
    this.#timer = this.#clock.after(waitMs, () => this.#start());
  }

  #letGo(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#readers.clear();
    try {
      client?.stop();
    } catch {
      // stopping talks to the service, which may be what is gone
      if (client) DEAD_CLIENTS.add(client);
    }
  }
}

function serviceProblem(error: unknown): Problem {
  return problem('device.absent', `the PC/SC service pcscd does not answer: ${pcscErrorName(error)}`);
}

async function connectionTo(card: PcscCard, told: Uint8Array): Promise<Result<CardConnection>> {
  // the add-on throws at a second operation beside a running one, and a card that is slow cannot be interrupted
  let running: Promise<unknown> = Promise.resolve();
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= running.then(() => card.disconnect(PCSC.unpower)).catch(() => {}));
  try {
    // one question less, of a millisecond, where the service has said it already
    const atr = told.length > 0 ? told : (await card.state()).atr;
    return ok({
      atr,
      transmit(apdu) {
        const answer = transmit(card, apdu);
        running = answer;
        return answer;
      },
      end,
    });
  } catch (error) {
    await end();
    return { ok: false, problem: problemOfPcscError(error) };
  }
}

async function transmit(card: PcscCard, apdu: Uint8Array): Promise<Result<Uint8Array>> {
  try {
    const answer = await card.transmit(apdu);
    // the service answers with nothing when the card left in the middle
    return answer.length < 2 ? fail('card.unreadable', 'no status word') : ok(Uint8Array.from(answer));
  } catch (error) {
    return { ok: false, problem: problemOfPcscError(error) };
  }
}
