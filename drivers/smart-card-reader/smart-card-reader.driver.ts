/**
 * Reads the card that lies on a reader, and takes money from its purse (device-protocols 2). Reading changes nothing in the
 * world: whatever ends it early, it is `failed` with effect `none`. A purchase says DEBIT once, and `settle` finds out.
 */
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import type { Clock } from '../../contract/clock.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import type {
  PursePurchase,
  SmartCardCommand,
  SmartCardReply,
} from '../../contract/devices/smart-card-reader.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, fail, failed, ok, type Outcome, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import { CommandQueue } from '../link/command-queue.ts';
import type { Scope } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import type { CardLink, CardLinkCondition } from './card-link.ts';
import { identifyCard, readKnownCard, type CardReading, type KnownCard } from './card-profile-reader.ts';
import { CardSlot, type OpenSlot } from './card-slot.ts';
import { readOpenDebit } from './open-debit.ts';
import { PcscCardLink } from './pcsc.link.ts';
import { PinKeeper } from './pin-keeper.ts';
import { Psam } from './psam.ts';
import { purchase } from './purse-purchase.ts';
import { readPurse, selectPurse, type PurseReading } from './purse-reading.ts';
import { settle } from './purse-settlement.ts';
import { readerModel } from './reader-models.ts';
import { DEFAULT_PSAM_DIRECTORY, type ReaderSettings } from './reader-settings.schema.ts';
import { testSmartCardReader } from './smart-card-self-test.ts';
import { VpcdListener } from './vpcd-listener.link.ts';
import { VpcdCardLink } from './vpcd.link.ts';

export interface SmartCardReaderOptions {
  readonly clock: Clock;
  /** Tried in this order; the first one a card answers to counts. */
  readonly cardProfiles: readonly CardProfile[];
  readonly settings?: ReaderSettings;
  /** Instead of the links that configuration and settings name. */
  readonly link?: CardLink;
  readonly psam?: CardLink;
}

type Purchase = Extract<SmartCardCommand, { kind: 'purchase' }>;
type Settle = Extract<SmartCardCommand, { kind: 'settle' }>;

/** A card that lies there, read. */
interface ReadCard {
  readonly slot: OpenSlot;
  readonly known: KnownCard;
  readonly reading: CardReading;
}

const SELF_TEST_MS = 8_000;
/** All of China keeps one time, without summer time; days and times on cards are Chinese. */
const CHINA_OFFSET_MS = 8 * 3_600_000;
/** Application serial inside file 0015. */
const SERIAL = { start: 10, end: 20 } as const;

/** Throws on a link that cannot carry cards (`tcp`, `serial`): who opens drivers has to refuse such a profile before. */
export function createSmartCardReader(
  config: DeviceConfig,
  options: SmartCardReaderOptions,
): Driver<SmartCardCommand, SmartCardReply> {
  const link = options.link ?? linkOf(config, options.clock);
  return new SmartCardReaderDriver(config, link, options.psam ?? psamOf(options), options);
}

function linkOf({ id, link }: DeviceConfig, clock: Clock): CardLink {
  if (link.kind === 'pcsc') return new PcscCardLink({ reader: link.reader, clock });
  if (link.kind === 'vpcd') return new VpcdCardLink(new VpcdListener(link.port, clock), clock);
  throw new Error(`${id}: a smart card reader hangs on pcsc or vpcd, not on ${link.kind}`);
}

function psamOf({ settings, clock }: SmartCardReaderOptions): CardLink | undefined {
  const psam = settings?.psam;
  if (!psam) return undefined;
  if ('reader' in psam) return new PcscCardLink({ reader: psam.reader, clock });
  return new VpcdCardLink(new VpcdListener(psam.port, clock), clock);
}

class SmartCardReaderDriver implements Driver<SmartCardCommand, SmartCardReply> {
  readonly describe: DeviceDescriptor;
  readonly #options: SmartCardReaderOptions;
  readonly #link: CardLink;
  readonly #slot: CardSlot;
  readonly #psam: { readonly link: CardLink; readonly slot: CardSlot } | undefined;
  readonly #mustLiftAgain: boolean;
  readonly #status = new StatusHolder();
  readonly #queue: CommandQueue;
  readonly #pins = new PinKeeper();
  readonly #stopListening: () => void;
  /** What `lost` means for the command it ended. */
  #lostAs: ProblemCode = 'device.lost';
  /** The running command ends when its card goes; not any more when all it needed has been said. */
  #needsCard = false;
  /** A reader that must see the card lifted before it can read again. */
  #isLatched = false;

  constructor(config: DeviceConfig, link: CardLink, psam: CardLink | undefined, options: SmartCardReaderOptions) {
    const model = readerModel(config.model);
    this.describe = { id: config.id, class: 'smart-card-reader', model: config.model, link: link.address };
    this.#options = options;
    this.#link = link;
    this.#slot = new CardSlot(link);
    this.#psam = psam && { link: psam, slot: new CardSlot(psam, 'device.absent') };
    this.#mustLiftAgain = model?.mustLiftAgain.value ?? false;
    this.#queue = new CommandQueue(options.clock);
    this.#stopListening = link.onChange((condition) => this.#changed(condition));
    link.open();
    psam?.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: SmartCardCommand, limits: Limits): Promise<Outcome<SmartCardReply>> {
    return this.#queue.run(limits, (scope) => {
      switch (command.kind) {
        case 'read':
          return this.#withCard(scope, this.#pins, (card) => this.#finishReading(card, command.purse === true));
        case 'purchase':
          return this.#buy(scope, command);
        case 'settle':
          return this.#withCard(scope, undefined, (card) => this.#settle(card, command));
      }
    });
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const { clock, cardProfiles } = this.#options;
    const limits = { deadline: clock.now() + SELF_TEST_MS, signal: new AbortController().signal };
    yield* testSmartCardReader({
      link: this.#link,
      psam: this.#psam?.link,
      profileIds: cardProfiles.map(({ id }) => id),
      // says no PIN: a self-test must not cost a resident one of his tries
      read: () =>
        this.#queue.run(limits, (scope) =>
          this.#withCard(scope, undefined, (card) => this.#finishReading(card, false)),
        ),
    });
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#stopListening();
    await Promise.all([this.#link.close(), this.#psam?.link.close()]);
  }

  /** Connects, recognises and reads the card, then goes on with it; lets it go in the end, whatever that was. */
  async #withCard(
    scope: Scope,
    pins: PinKeeper | undefined,
    task: (card: ReadCard) => Promise<Outcome<SmartCardReply>>,
  ): Promise<Outcome<SmartCardReply>> {
    if (this.#isLatched) return failed('idCard.liftAgain', 'none');
    this.#needsCard = true;
    const slot = await this.#slot.open(scope, () => this.#lostAs);
    if (!slot.ok) return nothingHappened(slot.problem);
    const read = await this.#readCard(slot.value, pins);
    const outcome = read.ok ? await task(read.value) : nothingHappened(read.problem);
    this.#needsCard = false;
    slot.value.end();
    this.#latch();
    return outcome;
  }

  async #readCard(slot: OpenSlot, pins: PinKeeper | undefined): Promise<Result<ReadCard>> {
    const known = await identifyCard(slot.dialogue, this.#options.cardProfiles, slot.atr);
    if (!known.ok) return known;
    const today = this.#localTime().slice(0, 10);
    const reading = await readKnownCard(slot.dialogue, known.value, pins ? { today, pins } : { today });
    return reading.ok ? ok({ slot, known: known.value, reading: reading.value }) : reading;
  }

  async #finishReading({ slot, known, reading }: ReadCard, wantsPurse: boolean): Promise<Outcome<SmartCardReply>> {
    const evidence = { method: 'iso7816.read', value: known.profile.id };
    const { purse } = known.profile;
    if (!wantsPurse || !purse) return done(reading.reply, evidence);
    const selected = await selectPurse(slot.dialogue, purse);
    const read: Result<PurseReading> = selected.ok ? await readPurse(slot.dialogue, purse) : selected;
    if (!read.ok) return nothingHappened(read.problem);
    const { balanceCents, log } = read.value;
    return done({ ...reading.reply, balanceCents, ...(log ? { log: [...log] } : {}) }, evidence);
  }

  /** The PSAM first: a purchase that cannot be signed is not begun. */
  async #buy(scope: Scope, command: Purchase): Promise<Outcome<SmartCardReply>> {
    if (!this.#psam) return failed('kiosk.badConfig', 'none', `${this.describe.id} has no PSAM: settings.psam`);
    const module = await this.#psam.slot.open(scope, () => this.#lostAs);
    if (!module.ok) return failed(module.problem.code, 'none', `PSAM: ${module.problem.detail ?? ''}`);
    const outcome = await this.#withCard(scope, undefined, (card) => this.#charge(card, module.value, command));
    module.value.end();
    return outcome;
  }

  async #charge(card: ReadCard, module: OpenSlot, command: Purchase): Promise<Outcome<SmartCardReply>> {
    const ready = await this.#purseOf(card);
    if (!ready.ok) return nothingHappened(ready.problem);
    const { purse, serial } = ready.value;
    if (!purse.purchase) return failed('purse.refused', 'none', `${card.known.profile.id} allows no purchase`);
    const { directory = DEFAULT_PSAM_DIRECTORY, area } = this.#options.settings?.psam ?? {};
    const outcome = await purchase({
      ...{
        card: card.slot.dialogue,
        psam: new Psam(module.dialogue),
        purse,
        keyIndex: purse.purchase.keyIndex,
        serial,
      },
      ...{ psamDirectory: directory, area, trade: command.trade, amountCents: command.amountCents },
      at: this.#localTime().replaceAll(/\D/g, ''),
      cardIsFree: () => {
        this.#needsCard = false;
      },
    });
    return replied(card, outcome);
  }

  async #settle(card: ReadCard, { trade, debit }: Settle): Promise<Outcome<SmartCardReply>> {
    const facts = readOpenDebit(debit);
    if (!facts) return failed('kiosk.badMessage', 'none', 'debit');
    const ready = await this.#purseOf(card);
    if (!ready.ok) return nothingHappened(ready.problem);
    const { purse, serial } = ready.value;
    const asked = { ...purse, account: facts.account };
    return replied(card, await settle({ card: card.slot.dialogue, purse: asked, trade, serial, debit: facts }));
  }

  /** The purse selected, and the number its card goes by. */
  async #purseOf({ slot, known, reading }: ReadCard) {
    const { purse, id } = known.profile;
    const serial = reading.publicInformation?.slice(SERIAL.start, SERIAL.end);
    if (!purse || serial?.length !== SERIAL.end - SERIAL.start) return fail('purse.refused', `${id} has no purse`);
    const selected = await selectPurse(slot.dialogue, purse);
    return selected.ok ? ok({ purse, serial }) : selected;
  }

  #changed({ state, presence, problem }: CardLinkCondition): void {
    if (presence === 'present') this.#pins.nextPresentation();
    else {
      this.#isLatched = false;
      this.#lostAs = state === 'online' ? 'card.removed' : 'device.lost';
      if (this.#needsCard) this.#queue.interruptRunning('lost');
    }
    const axes = { paper: 'unknown', media: presence } as const;
    if (state === 'online') return this.#status.become({ ...axes, device: 'online' });
    const device = problem?.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become(problem ? { ...axes, device, problem } : { ...axes, device });
  }

  #latch(): void {
    if (!this.#mustLiftAgain || this.#link.condition.presence !== 'present') return;
    this.#isLatched = true;
    this.#status.become({ ...this.#status.value, media: 'latched' });
  }

  /** `YYYY-MM-DDThh:mm:ss` where the card is. */
  #localTime(): string {
    return new Date(this.#options.clock.wallMs() + CHINA_OFFSET_MS).toISOString().slice(0, 19);
  }
}

function nothingHappened({ code, detail }: Problem): Outcome<never> {
  return failed(code, 'none', detail);
}

function replied({ reading }: ReadCard, outcome: Outcome<PursePurchase>): Outcome<SmartCardReply> {
  return outcome.kind === 'done' ? done({ ...reading.reply, purchase: outcome.reply }, outcome.evidence) : outcome;
}
