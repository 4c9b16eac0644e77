/**
 * Reads the card that lies on a reader. Reading changes nothing in the world: whatever ends it early, it is `failed` with
 * effect `none` and may be tried again. (device-protocols 2.1 to 2.4, 2.8)
 */
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import type { Clock } from '../../contract/clock.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import type { SmartCardCommand, SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, fail, failed, type Outcome, type Result } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { CommandQueue } from '../link/command-queue.ts';
import { INTERRUPTION_CODES, type Interruption, type Scope } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import type { Transmit } from './apdu.ts';
import type { CardConnection, CardLink, CardLinkCondition } from './card-link.ts';
import { readCard } from './card-profile-reader.ts';
import { PcscCardLink } from './pcsc.link.ts';
import { testSmartCardReader } from './smart-card-self-test.ts';
import { VpcdCardLink } from './vpcd.link.ts';

export interface SmartCardReaderOptions {
  readonly clock: Clock;
  /** Tried in this order; the first one a card answers to counts. */
  readonly cardProfiles: readonly CardProfile[];
  /** Instead of the link that the configuration names. */
  readonly link?: CardLink;
}

type Failure = ReturnType<typeof fail>;

/** A card that stops answering may be on its way out; PC/SC looks every 400 ms whether it is still there. */
const PULL_NOTICE_MS = 450;
const SELF_TEST_MS = 8_000;
/** All of China keeps one time, without summer time; end dates on cards are Chinese days. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** Throws on a link that cannot carry cards (`tcp`, `serial`): who opens drivers has to refuse such a profile before. */
export function createSmartCardReader(
  config: DeviceConfig,
  options: SmartCardReaderOptions,
): Driver<SmartCardCommand, SmartCardReply> {
  return new SmartCardReaderDriver(config, options.link ?? linkOf(config, options.clock), options);
}

function linkOf({ id, link }: DeviceConfig, clock: Clock): CardLink {
  if (link.kind === 'pcsc') return new PcscCardLink({ reader: link.reader, clock });
  if (link.kind === 'vpcd') return new VpcdCardLink(link.port, clock);
  throw new Error(`${id}: a smart card reader hangs on pcsc or vpcd, not on ${link.kind}`);
}

class SmartCardReaderDriver implements Driver<SmartCardCommand, SmartCardReply> {
  readonly describe: DeviceDescriptor;
  readonly #link: CardLink;
  readonly #clock: Clock;
  readonly #profiles: readonly CardProfile[];
  readonly #status = new StatusHolder();
  readonly #queue: CommandQueue;
  readonly #stopListening: () => void;
  /** The card of the last reading is let go behind its outcome; the next reading waits for that. */
  #ending: Promise<void> = Promise.resolve();
  /** What `lost` means for the command it ended. */
  #lostAs: ProblemCode = 'device.lost';

  constructor(config: DeviceConfig, link: CardLink, { clock, cardProfiles }: SmartCardReaderOptions) {
    this.describe = { id: config.id, class: 'smart-card-reader', model: config.model, link: link.address };
    this.#link = link;
    this.#clock = clock;
    this.#profiles = cardProfiles;
    this.#queue = new CommandQueue(clock);
    this.#stopListening = link.onChange((condition) => this.#changed(condition));
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(_command: SmartCardCommand, limits: Limits): Promise<Outcome<SmartCardReply>> {
    return this.#queue.run(limits, async (scope) => {
      const read = await this.#read(scope);
      if (!read.ok) return failed(read.problem.code, 'none', read.problem.detail);
      return done(read.value, { method: 'iso7816.read', value: read.value.profile });
    });
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const ids = this.#profiles.map(({ id }) => id);
    yield* testSmartCardReader(this.#link, ids, () =>
      this.execute(
        { kind: 'read' },
        { deadline: this.#clock.now() + SELF_TEST_MS, signal: new AbortController().signal },
      ),
    );
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#stopListening();
    await this.#link.close();
  }

  async #read(scope: Scope): Promise<Result<SmartCardReply>> {
    const { state, presence, problem } = this.#link.condition;
    if (state !== 'online') return fail(problem?.code ?? 'device.absent', problem?.detail);
    if (presence !== 'present') return fail('card.removed', 'no card on the reader');
    const free = await scope.raceOf(this.#ending);
    if (free.kind !== 'got') return this.#ended(free.kind);
    const connecting = this.#link.connect();
    const wait = await scope.raceOf(connecting);
    if (wait.kind !== 'got') {
      this.#ending = connecting.then((late) => (late.ok ? late.value.end() : undefined));
      return this.#ended(wait.kind);
    }
    if (!wait.value.ok) return this.#afterLook(scope, wait.value);
    const connection = wait.value.value;
    const read = await readCard(this.#transmitOver(scope, connection), this.#profiles, this.#today());
    this.#ending = connection.end();
    return read;
  }

  #transmitOver(scope: Scope, connection: CardConnection): Transmit {
    return async (apdu) => {
      const wait = await scope.raceOf(connection.transmit(apdu));
      if (wait.kind !== 'got') return this.#ended(wait.kind);
      return wait.value.ok ? wait.value : this.#afterLook(scope, wait.value);
    };
  }

  /** A card that gave no answer was perhaps pulled, which the reader says a moment later. */
  async #afterLook(scope: Scope, failure: Failure): Promise<Failure> {
    if (failure.problem.code !== 'card.unreadable') return failure;
    const isStillThere = await scope.pause(PULL_NOTICE_MS);
    return isStillThere ? failure : this.#ended(scope.interruption ?? 'cancelled');
  }

  #ended(reason: Interruption | 'timeout'): Failure {
    if (reason === 'lost') return fail(this.#lostAs);
    return fail(reason === 'timeout' ? 'device.deadline' : INTERRUPTION_CODES[reason]);
  }

  #changed({ state, presence, problem }: CardLinkCondition): void {
    if (presence !== 'present') {
      this.#lostAs = state === 'online' ? 'card.removed' : 'device.lost';
      this.#queue.interruptRunning('lost');
    }
    const axes = { paper: 'unknown', media: presence } as const;
    if (state === 'online') return this.#status.become({ ...axes, device: 'online' });
    const device = problem?.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become(problem ? { ...axes, device, problem } : { ...axes, device });
  }

  /** `YYYY-MM-DD` where the card is. */
  #today(): string {
    return new Date(this.#clock.wallMs() + CHINA_OFFSET_MS).toISOString().slice(0, 10);
  }
}
