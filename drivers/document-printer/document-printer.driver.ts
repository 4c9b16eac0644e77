/**
 * The conversation with an IPP printer or a CUPS queue (RFC 8011): a document leaves once, is followed to its end by its job
 * number, and never stays in the spool after its command has ended.
 */
import type { Clock } from '../../contract/clock.ts';
import type { DocumentPrinterCommand, DocumentPrinterReply } from '../../contract/devices/document-printer.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine } from '../../contract/driver.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import { CommandQueue } from '../link/command-queue.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import type { Scope } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import { IppClient } from './ipp-client.ts';
import type { IppTransport } from './ipp-transport.ts';
import { cancelAndFollow, cancelJob, settleJob } from './job-search.ts';
import { printDocument, questionFailed } from './print-document.ts';
import type { PrinterCondition } from './printer-condition.ts';
import { isNoReply, PrinterDesk, type NoReply, type PrintCommand } from './printer-desk.ts';
import { SILENT_BEATS, TIMING, type DocumentPrinterModel } from './printer-models.ts';
import type { DocumentPrinterSettings } from './printer-settings.schema.ts';

export interface DocumentPrinterOptions {
  readonly id: string;
  readonly model: DocumentPrinterModel;
  readonly settings: DocumentPrinterSettings;
  /** As the printer knows itself; what `transport` reaches. */
  readonly uri: string;
  readonly transport: IppTransport;
  readonly clock: Clock;
}

/** Jobs of this run that are remembered; far more than can be open at once. */
const MEMORY = 64;

export class DocumentPrinterDriver implements Driver<DocumentPrinterCommand, DocumentPrinterReply> {
  readonly describe: DeviceDescriptor;
  readonly #options: DocumentPrinterOptions;
  readonly #status = new StatusHolder();
  readonly #queue: CommandQueue;
  readonly #desk: PrinterDesk;
  readonly #heartbeat: Heartbeat;
  /** What this run was told to print: pages, and whether it is certain that nothing came out. */
  readonly #told = new Map<string, { readonly pages: number; readonly isUnprinted: boolean }>();
  /** Jobs that must not stay in the spool, by name. */
  readonly #unwanted = new Map<string, number | undefined>();
  #misses = 0;

  constructor(options: DocumentPrinterOptions) {
    const { id, model, settings, uri, transport, clock } = options;
    this.describe = { id, class: 'document-printer', model: model.name, link: transport.address };
    this.#options = options;
    this.#queue = new CommandQueue(clock);
    this.#desk = new PrinterDesk({
      client: new IppClient(transport, model.version, uri),
      settings,
      onCondition: (condition) => this.#saw(condition),
      onSilence: (reply) => this.#missed(reply),
    });
    this.#heartbeat = new Heartbeat({
      clock,
      everyMs: () => (this.#misses > 0 ? TIMING.missedBeatMs : TIMING.beatMs),
      beat: () => this.#beat(),
    });
    this.#heartbeat.start();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: DocumentPrinterCommand, limits: Limits): Promise<Outcome<DocumentPrinterReply>> {
    switch (command.kind) {
      case 'print':
        return this.#print(command, limits);
      case 'settle':
        return this.#queue.run<DocumentPrinterReply>(limits, (scope) => this.#settle(scope, command.job));
      case 'cancel':
        return this.#queue.run<DocumentPrinterReply>(limits, (scope) => cancelJob(this.#search(scope), command.job));
    }
  }

  async *selfTest(): AsyncIterable<SelfTestLine> {
    const { model, transport, clock } = this.#options;
    const limits = { deadline: clock.now() + TIMING.answerMs * 2, signal: new AbortController().signal };
    const outcome = await this.#queue.run(limits, async (scope) => {
      const condition = await this.#desk.condition(scope);
      if (isNoReply(condition)) return questionFailed(condition);
      return done(condition, { method: 'ipp.printer', value: condition.reasons.join(' ') });
    });
    if (outcome.kind !== 'done') {
      const { code, detail = '' } = outcome.problem;
      yield { step: 'printer', result: 'fail', detail: `${transport.address} ${code} ${detail}`.slice(0, 300) };
      return;
    }
    const { status, reasons, takesPdf, blocks } = outcome.reply;
    yield { step: 'printer', result: 'pass', detail: `${transport.address} answers` };
    yield { step: 'PDF', result: takesPdf ? 'pass' : 'fail', detail: takesPdf ? 'is taken' : 'is not taken' };
    const detail = `${status.device}, paper ${status.paper}: ${reasons.join(', ') || 'nothing to report'}`.slice(
      0,
      300,
    );
    yield { step: 'state', result: blocks ? 'fail' : 'pass', detail };
    const left = [...this.#unwanted.keys()].length;
    yield { step: 'spool', result: left === 0 ? 'pass' : 'fail', detail: `${left} jobs still to be taken back` };
    const proof = model.countsImpressions ? 'its own count of sides' : 'its word only';
    yield { step: 'proof', result: model.countsImpressions ? 'pass' : 'skip', detail: `a print is proven by ${proof}` };
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    await this.#queue.close();
    await this.#options.transport.close();
  }

  async #print(command: PrintCommand, limits: Limits): Promise<Outcome<DocumentPrinterReply>> {
    const { job, pages } = command;
    const before = this.#told.get(job);
    if (before && !before.isUnprinted) return failed('document.refused', 'none', 'a job of this name was sent before');
    this.#remember(job, { pages, isUnprinted: false });
    const outcome = await this.#queue.run(limits, async (scope): Promise<Outcome<DocumentPrinterReply>> => {
      // Its paper would come out in front of the wrong person.
      if (this.#unwanted.size > 0) return failed('device.busy', 'none', 'a job of before is still in the printer');
      const takeBack = (name: string, number: number | undefined): void => this.#takeBack(name, number);
      return printDocument({ desk: this.#desk, model: this.#options.model, scope, takeBack }, command);
    });
    const isUnprinted = outcome.kind === 'failed' && outcome.effect === 'none';
    this.#remember(job, { pages, isUnprinted });
    return outcome;
  }

  async #settle(scope: Scope, job: string): Promise<Outcome<DocumentPrinterReply>> {
    const told = this.#told.get(job);
    if (told?.isUnprinted) {
      return done(
        { kind: 'settle', printed: 'no' },
        { method: 'ipp.unsent', value: 'ended before a document was sent' },
      );
    }
    const isHistoryKept = this.#options.settings.history === 'kept';
    return settleJob(this.#search(scope), job, told?.pages, isHistoryKept);
  }

  #search(scope: Scope): { desk: PrinterDesk; model: DocumentPrinterModel; scope: Scope } {
    return { desk: this.#desk, model: this.#options.model, scope };
  }

  /** At once if it can be, else at each beat until the printer says that it is gone (needs A15: no paper for the next person). */
  #takeBack(name: string, number: number | undefined): void {
    this.#unwanted.set(name, number);
    void this.#clearSpool();
  }

  async #clearSpool(): Promise<void> {
    for (const [name, number] of this.#unwanted) {
      const limits = { deadline: this.#options.clock.now() + TIMING.takeBackMs, signal: new AbortController().signal };
      const outcome = await this.#queue.run(limits, (scope) => this.#takeOneBack(scope, name, number));
      if (outcome.kind === 'done') this.#unwanted.delete(name);
    }
  }

  async #takeOneBack(scope: Scope, name: string, number: number | undefined): Promise<Outcome<null>> {
    if (number === undefined) {
      const cancelled = await cancelJob(this.#search(scope), name);
      return cancelled.kind === 'done' ? done(null, cancelled.evidence) : cancelled;
    }
    const ended = await cancelAndFollow(this.#desk, scope, number, name);
    if (typeof ended === 'object') return done(null, { method: 'ipp.cancel', value: `job ${number} ${ended.state}` });
    return failed('device.absent', 'none', ended);
  }

  async #beat(): Promise<void> {
    const { clock } = this.#options;
    const limits = { deadline: clock.now() + TIMING.answerMs + 1_000, signal: new AbortController().signal };
    void (await this.#queue.run(limits, async (scope) => {
      const condition = await this.#desk.condition(scope);
      if (isNoReply(condition)) return questionFailed(condition);
      return done(null, { method: 'ipp.printer', value: '' });
    }));
    if (this.#unwanted.size > 0 && this.#misses === 0) await this.#clearSpool();
  }

  #saw(condition: PrinterCondition): void {
    this.#misses = 0;
    this.#status.become(condition.status);
  }

  /** A printer missing from one look is not gone (field-complaints 1); before the first word of it nothing is known at all. */
  #missed(reply: NoReply): void {
    if (reply.kind !== 'refused' && !('problem' in reply)) return;
    this.#misses += 1;
    if (this.#misses < SILENT_BEATS) return;
    const why = reply.kind === 'refused' ? { code: 'device.refused' as const, detail: reply.detail } : reply.problem;
    this.#status.become({ device: 'offline', paper: 'unknown', media: 'unknown', problem: why });
  }

  #remember(job: string, told: { readonly pages: number; readonly isUnprinted: boolean }): void {
    this.#told.delete(job);
    this.#told.set(job, told);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MEMORY && oldest !== undefined) this.#told.delete(oldest);
  }
}
