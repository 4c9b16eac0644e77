/** Asks a printer how it is, in its dialect. Answers carry no number, so one question at a time and none left behind. */
import type { Turn } from '../link/exchange.ts';
import type { Wait } from '../link/scope.ts';
import type { Dialect, EscposStatusDecoder, PrinterEvent } from './escpos-status.codec.ts';
import {
  conditionFromFullStatus,
  conditionFromRealTime,
  conditionFromStar,
  type PrinterCondition,
} from './printer-condition.ts';
import {
  EJECTOR_STATUS_REQUEST,
  FULL_STATUS_REQUEST,
  PAPER_LENGTH_REQUEST,
  realTimeRequest,
  STAR_STATUS_REQUEST,
} from './printer-requests.ts';

/** A printer in the middle of a raster answers late, not never. */
const ANSWER_MS = 1_000;
/** After an answer that did not come: long enough for it to come and be thrown away. */
const STALE_ANSWER_MS = 300;

export class PrinterPoll {
  readonly #dialect: Dialect;
  readonly #decoder: EscposStatusDecoder;
  #isLagging = false;
  #ejector: number | undefined;
  #isEjectorSilent = false;

  constructor(dialect: Dialect, decoder: EscposStatusDecoder) {
    this.#dialect = dialect;
    this.#decoder = decoder;
  }

  async condition(turn: Turn<PrinterEvent>): Promise<Wait<PrinterCondition>> {
    if (this.#isLagging) {
      if (!(await turn.scope.pause(STALE_ANSWER_MS))) return { kind: turn.scope.interruption ?? 'cancelled' };
      this.#decoder.reset();
    }
    const wait = await this.#ask(turn);
    this.#isLagging = wait.kind !== 'got';
    return wait;
  }

  #ask(turn: Turn<PrinterEvent>): Promise<Wait<PrinterCondition>> {
    switch (this.#dialect) {
      case 'epson':
      case 'cashino':
        return this.#askRealTime(turn);
      case 'custom':
        return this.#askFullStatus(turn);
      case 'star':
        return turn.ask(STAR_STATUS_REQUEST, starCondition, ANSWER_MS);
    }
  }

  /** The presenter's own status; queued behind print data, so only for a printer that owes no other answer. */
  async refreshEjector(turn: Turn<PrinterEvent>): Promise<void> {
    if (this.#dialect !== 'custom' || this.#isEjectorSilent) return;
    this.#decoder.expect('ejector');
    const wait = await turn.ask(EJECTOR_STATUS_REQUEST, (e) => (e.kind === 'ejector' ? e.byte : undefined), ANSWER_MS);
    this.#decoder.expect('none');
    if (wait.kind === 'got') this.#ejector = wait.value;
    // A model without a presenter never answers; it is not asked every few seconds for ever.
    if (wait.kind === 'timeout') this.#isEjectorSilent = this.#ejector === undefined;
  }

  /** Centimetres left on the roll (GS E1). */
  async paperLength(turn: Turn<PrinterEvent>): Promise<Wait<number>> {
    this.#decoder.expect('paperLength');
    const wait = await turn.ask(
      PAPER_LENGTH_REQUEST,
      (event) => (event.kind === 'paperLength' ? event.centimetres : undefined),
      ANSWER_MS,
    );
    if (wait.kind !== 'got') this.#decoder.reset();
    return wait;
  }

  async #askFullStatus(turn: Turn<PrinterEvent>): Promise<Wait<PrinterCondition>> {
    const ejector = this.#ejector;
    this.#decoder.awaitStatus();
    return turn.ask(
      FULL_STATUS_REQUEST,
      (event) => (event.kind === 'fullStatus' ? conditionFromFullStatus(event, ejector) : undefined),
      ANSWER_MS,
    );
  }

  async #askRealTime(turn: Turn<PrinterEvent>): Promise<Wait<PrinterCondition>> {
    const bytes: number[] = [];
    for (const n of [1, 2, 3, 4] as const) {
      this.#decoder.awaitStatus();
      const wait = await turn.ask(realTimeRequest(n), (e) => (e.kind === 'realTime' ? e.byte : undefined), ANSWER_MS);
      if (wait.kind !== 'got') return wait;
      bytes.push(wait.value);
    }
    const [printer = 0, offlineCause = 0, errorCause = 0, rollPaper = 0] = bytes;
    const all = { printer, offlineCause, errorCause, rollPaper };
    return { kind: 'got', value: conditionFromRealTime(all, this.#dialect === 'cashino') };
  }
}

function starCondition(event: PrinterEvent): PrinterCondition | undefined {
  return event.kind === 'starStatus' ? conditionFromStar(event.bytes) : undefined;
}
