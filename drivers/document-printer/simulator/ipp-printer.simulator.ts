import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { GROUP, integerIn, readRequest, TAG, textIn, writeAnswer, type Line, type Request } from './ipp-message.ts';
import { MemorySocket } from './memory-socket.ts';
import { PaperPath, type PathFaults } from './paper-path.ts';
import { PrintJobs, STATE, type Job, type SpoolFaults } from './print-jobs.ts';

export interface AnswerFaults {
  /** The printer takes the document and hangs up instead of answering; once. */
  hangUpAfterDocument: boolean;
  /** Every operation is answered with `server-error-busy`. */
  busy: boolean;
  notAcceptingJobs: boolean;
  /** It takes PostScript only. */
  noPdf: boolean;
  /** It counts no impressions, as a CUPS queue that passes PDF through. */
  countsNothing: boolean;
}
export type IppPrinterFaults = PathFaults & SpoolFaults & AnswerFaults;

export interface IppPrinterState {
  readonly connected: boolean;
  readonly printerState: 'idle' | 'processing' | 'stopped';
  readonly reasons: readonly string[];
  readonly sheetsInTray: number;
  readonly sheetsInOutput: number;
  readonly isCoverOpen: boolean;
  readonly jobs: readonly {
    number: number;
    name: string;
    state: string;
    reason: string;
    pages: number;
    pagesPrinted: number;
  }[];
  /** Documents of which paper came out. */
  readonly printed: readonly { readonly name: string; readonly pages: number; readonly bytes: number }[];
  readonly faults: IppPrinterFaults & WireFaults;
}

export interface IppPrinterOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sheetMs?: number;
  readonly trayHolds?: number;
}

const OK = 0x0000;
const BAD_REQUEST = 0x0400;
const NOT_POSSIBLE = 0x0404;
const NOT_FOUND = 0x0406;
const FORMAT_NOT_SUPPORTED = 0x040a;
const OPERATION_NOT_SUPPORTED = 0x0501;
const NOT_ACCEPTING = 0x0506;
const BUSY = 0x0507;
const PDF = 'application/pdf';
const URI = 'ipp://localhost/ipp/print';

interface Reply {
  readonly status: number;
  readonly groups?: readonly { readonly tag: number; readonly lines: readonly Line[] }[];
}

/**
 * An IPP Everywhere printer: HTTP by node:http over whatever wire carries the bytes, IPP by RFC 8010 and 8011. Its spool and
 * its paper outlive the host.
 */
export class IppPrinterSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly path: PaperPath;
  readonly #jobs: PrintJobs;
  readonly #answerFaults: AnswerFaults = noAnswerFaults();
  readonly faults: IppPrinterFaults;
  // Never listens: connections are handed to it, so that bytes pass the faulty wire first.
  readonly #http = createServer((request, response) => this.#serve(request, response));
  #socket: MemorySocket | undefined;

  constructor(options: IppPrinterOptions) {
    this.wire = new FaultyWire(options.clock, options.chance);
    this.path = new PaperPath({
      clock: options.clock,
      sheetMs: options.sheetMs ?? 200,
      trayHolds: options.trayHolds ?? 250,
      onChange: () => this.#jobs.run(),
    });
    this.#jobs = new PrintJobs(this.path, () => Math.floor(options.clock.wallMs() / 1_000));
    this.faults = joinedFaults(this.path.faults, this.#jobs.faults, this.#answerFaults);
  }

  get state(): IppPrinterState {
    const names = Object.entries(STATE);
    return {
      connected: this.#socket !== undefined,
      printerState: (['idle', 'processing', 'stopped'] as const)[this.#printerState() - 3] ?? 'stopped',
      reasons: this.path.reasons,
      sheetsInTray: this.path.sheetsInTray,
      sheetsInOutput: this.path.sheetsInOutput,
      isCoverOpen: this.path.isCoverOpen,
      jobs: this.#jobs.all.map(({ number, name, state, reason, pages, pagesPrinted }) => {
        return {
          number,
          name,
          state: names.find(([, value]) => value === state)?.[0] ?? '',
          reason,
          pages,
          pagesPrinted,
        };
      }),
      printed: this.#jobs.printed.map(({ name, pages, pdf }) => ({ name, pages, bytes: pdf.length })),
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  /** The document as it came, of the last printing under this name. */
  pdfOf(name: string): Uint8Array | undefined {
    return this.#jobs.printed.findLast((printed) => printed.name === name)?.pdf;
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  /** Switched off and on: the spool is empty, paper and troubles are as they were. */
  powerCycle(): void {
    this.#jobs.restart();
    this.wire.hangUp();
  }

  /** Killed and started again like CUPS: it begins what was under way a second time. */
  restartSpooler(): void {
    this.wire.hangUp();
    this.#jobs.beginAgain();
  }

  /** Somebody presses Cancel at the printer; false when there is no such job or it has ended. */
  cancelAtPanel(number: number): boolean {
    const job = this.#jobs.find(number);
    return job !== undefined && this.#jobs.cancel(job);
  }

  /** Somebody takes what lies in the output; tells how many sheets that were. */
  takePaper(): number {
    const sheets = this.path.sheetsInOutput;
    this.path.change({ sheetsInOutput: 0 });
    return sheets;
  }

  connected(): void {
    const socket = new MemorySocket((bytes) => this.#socket === socket && this.wire.send(bytes));
    this.#socket = socket;
    // The printer closes its side; on this wire, that is the end of the connection.
    socket.on('close', () => this.#socket === socket && this.wire.hangUp());
    this.#http.emit('connection', socket);
  }

  disconnected(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => void this.#socket?.push(received));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Uint8Array[] = [];
    response.sendDate = false;
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    // A connection that goes in the middle of a request has sent none.
    request.on('error', () => chunks.splice(0));
    request.on('end', () => {
      if (request.method !== 'POST' || request.headers['content-type'] !== 'application/ipp') {
        response.writeHead(400).end();
        return;
      }
      const message = readRequest(Buffer.concat(chunks));
      const answer = message ? this.#answer(message) : undefined;
      if (message && answer && this.#answerFaults.hangUpAfterDocument && message.operation === 0x0006) {
        this.#answerFaults.hangUpAfterDocument = false;
        this.wire.hangUp();
        return;
      }
      const body = message && answer ? this.#encode(message, answer) : Buffer.alloc(0);
      response.writeHead(answer ? 200 : 400, { 'Content-Type': 'application/ipp', 'Content-Length': body.length });
      response.end(body);
    });
  }

  #encode(message: Request, { status, groups = [] }: Reply): Buffer {
    const head: Line[] = [
      [TAG.charset, 'attributes-charset', 'utf-8'],
      [TAG.language, 'attributes-natural-language', 'en'],
    ];
    return writeAnswer(message, status, [{ tag: GROUP.operation, lines: head }, ...groups]);
  }

  #answer(message: Request): Reply {
    if (this.#answerFaults.busy) return { status: BUSY };
    if (textIn(message, 'attributes-charset') === undefined || textIn(message, 'printer-uri') === undefined) {
      return { status: BAD_REQUEST };
    }
    switch (message.operation) {
      case 0x0004:
        return this.#check(message) ?? { status: OK };
      case 0x0005:
        return this.#check(message) ?? this.#created(message);
      case 0x000a:
        return this.#list(message);
      case 0x000b:
        return { status: OK, groups: [{ tag: GROUP.printer, lines: this.#printerLines() }] };
      default:
        return this.#answerAboutJob(message);
    }
  }

  #answerAboutJob(message: Request): Reply {
    if (![0x0006, 0x0008, 0x0009].includes(message.operation)) return { status: OPERATION_NOT_SUPPORTED };
    const job = this.#jobs.find(integerIn(message, 'job-id') ?? 0);
    if (!job) return { status: NOT_FOUND };
    if (message.operation === 0x0008) return { status: this.#jobs.cancel(job) ? OK : NOT_POSSIBLE };
    if (message.operation === 0x0009) return { status: OK, groups: [{ tag: GROUP.job, lines: this.#jobLines(job) }] };
    if (job.state !== STATE.held) return { status: NOT_POSSIBLE };
    const refusal = this.#check(message);
    if (refusal) return refusal;
    this.#jobs.fill(job, Uint8Array.from(message.document));
    return { status: OK, groups: [{ tag: GROUP.job, lines: this.#jobLines(job) }] };
  }

  #check(message: Request): Reply | undefined {
    const format = textIn(message, 'document-format');
    if (this.#answerFaults.notAcceptingJobs) return { status: NOT_ACCEPTING };
    if (format === undefined || (format === PDF && !this.#answerFaults.noPdf)) return undefined;
    return { status: FORMAT_NOT_SUPPORTED };
  }

  #created(message: Request): Reply {
    const job = this.#jobs.create(textIn(message, 'job-name') ?? '', textIn(message, 'requesting-user-name') ?? '');
    return { status: OK, groups: [{ tag: GROUP.job, lines: this.#jobLines(job) }] };
  }

  /** Newest first among the ended ones, oldest first among the others (RFC 8011 4.2.6.2). */
  #list(message: Request): Reply {
    const isEnded = textIn(message, 'which-jobs') === 'completed';
    const wanted = this.#jobs.all.filter(({ state }) => state >= STATE.canceled === isEnded);
    const jobs = (isEnded ? wanted.toReversed() : wanted).slice(0, integerIn(message, 'limit') ?? wanted.length);
    return { status: OK, groups: jobs.map((job) => ({ tag: GROUP.job, lines: this.#jobLines(job) })) };
  }

  #jobLines(job: Job): readonly Line[] {
    const counts: readonly Line[] = this.#answerFaults.countsNothing
      ? []
      : [
          [TAG.integer, 'job-impressions-completed', job.pagesPrinted],
          [TAG.integer, 'job-media-sheets-completed', job.pagesPrinted],
        ];
    return [
      [TAG.integer, 'job-id', job.number],
      [TAG.uri, 'job-uri', `${URI}/${job.number}`],
      [TAG.name, 'job-name', job.name],
      [TAG.name, 'job-originating-user-name', job.user],
      [TAG.enum, 'job-state', job.state],
      [TAG.keyword, 'job-state-reasons', job.reason],
      [TAG.integer, 'time-at-processing', job.hasBegun ? job.begunAt : null],
      ...counts,
    ];
  }

  #printerLines(): readonly Line[] {
    const reasons = this.path.reasons;
    return [
      [TAG.uri, 'printer-uri-supported', URI],
      [TAG.text, 'printer-make-and-model', 'Simulated A4 printer'],
      [TAG.enum, 'printer-state', this.#printerState()],
      [TAG.keyword, 'printer-state-reasons', ...(reasons.length > 0 ? reasons : ['none'])],
      [TAG.boolean, 'printer-is-accepting-jobs', !this.#answerFaults.notAcceptingJobs],
      [TAG.mime, 'document-format-supported', this.#answerFaults.noPdf ? 'application/postscript' : PDF],
      [TAG.keyword, 'media-supported', 'iso_a4_210x297mm'],
    ];
  }

  #printerState(): number {
    if (this.path.troubles.length > 0) return 5;
    return this.#jobs.all.some(({ state }) => state === STATE.processing) ? 4 : 3;
  }
}

export function noIppFaults(): IppPrinterFaults {
  return {
    mediaEmptyAfterSheets: null,
    jamAfterSheets: null,
    tonerEmpty: false,
    sheetMs: null,
    abortsJobs: false,
    forgetsJobs: false,
    liesCompleted: false,
    ...noAnswerFaults(),
  };
}

function noAnswerFaults(): AnswerFaults {
  return { hangUpAfterDocument: false, busy: false, notAcceptingJobs: false, noPdf: false, countsNothing: false };
}

/** One object for the page, whose switches turn those of the parts. */
function joinedFaults(...parts: readonly [PathFaults, SpoolFaults, AnswerFaults]): IppPrinterFaults {
  const joined = {};
  for (const part of parts) {
    for (const name of Object.keys(part)) {
      Object.defineProperty(joined, name, {
        enumerable: true,
        get: () => Reflect.get(part, name) as unknown,
        set(value: unknown) {
          Reflect.set(part, name, value);
        },
      });
    }
  }
  return joined as IppPrinterFaults;
}
