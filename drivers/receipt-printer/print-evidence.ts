/**
 * Which print is proven. Evidence may come late, in the middle of another job or after its own command has been given up
 * as unknown, so it is written down here as it arrives and attributed to the job that asked for it, never to the next one.
 */
import type { Evidence } from '../../contract/outcome.schema.ts';
import type { PrinterEvent } from './escpos-status.codec.ts';
import type { PrinterModel } from './printer-models.ts';
import { remember } from './remember.ts';
import { etbCount } from './wire/star-answers.codec.ts';

export type Verdict = 'yes' | 'no';

interface Asked {
  /** `undefined`: a question of ours that only empties the pipe. */
  readonly job: string | undefined;
  readonly processId: string;
  /** What the printer's counter says when it is reached. */
  readonly count: number;
}

const PROCESS_IDS = 10_000;
const COUNTS = 32;
/** Byte of Star's status that holds the counter. */
const COUNT_BYTE = 7;

export class PrintEvidence {
  readonly #proofs = new Map<string, Evidence>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #begun = new Map<string, true>();
  #asked: Asked[] = [];
  #isPipeDirty = false;
  readonly #method: PrinterModel['evidence'];
  #lastProcessId: number;
  #count = 0;

  /** `firstProcessId` differs from run to run, so that an answer meant for the program before us fits none of ours. */
  constructor(method: PrinterModel['evidence'], firstProcessId: number) {
    this.#method = method;
    this.#lastProcessId = firstProcessId % PROCESS_IDS;
  }

  /** What the printer's counter said last. */
  get count(): number {
    return this.#count;
  }

  /** An answer is still owed by the printer. */
  get isOwed(): boolean {
    return this.#asked.length > 0;
  }

  /** Questions were given up without their answers: what is in the pipe may be theirs. */
  get isPipeDirty(): boolean {
    return this.#isPipeDirty;
  }

  pipeIsEmpty(): void {
    this.#asked = [];
    this.#isPipeDirty = false;
  }

  /** Notes that evidence for this job is being asked for; gives the id for printers that repeat it. */
  ask(job: string | undefined): string {
    this.#lastProcessId = (this.#lastProcessId + 1) % PROCESS_IDS;
    const processId = String(this.#lastProcessId).padStart(4, '0');
    const count = ((this.#asked.at(-1)?.count ?? this.#count) + 1) % COUNTS;
    this.#asked.push({ job, processId, count });
    if (job !== undefined) remember(this.#begun, job, true);
    return processId;
  }

  /** The slip of this job was sent once; it is never sent again. */
  wasBegun(job: string): boolean {
    return this.#begun.has(job);
  }

  /** Only the model's own proof counts: a damaged status leaves bytes that look like another's. */
  hear(event: PrinterEvent): void {
    if (event.kind === 'processId' && this.#method === 'processId') this.#proveUpTo(event.id);
    if (event.kind === 'starStatus' && this.#method === 'counter')
      this.#counted(etbCount(event.bytes[COUNT_BYTE] ?? 0));
    if (event.kind !== 'drained' || this.#method !== 'drained') return;
    const oldest = this.#asked.shift();
    if (oldest) this.#prove(oldest, { method: 'escpos.drained', value: hexByte(event.byte) });
  }

  /** The buffers were cleared or the wire is new: what was asked is never answered (device-protocols 4.6). */
  forgetOwed(): void {
    this.#isPipeDirty ||= this.isOwed;
    this.#asked = [];
  }

  proofOf(job: string): Evidence | undefined {
    return this.#proofs.get(job);
  }

  /** Settled knowledge about a job, if this driver has any. */
  verdictOf(job: string): Verdict | undefined {
    return this.#verdicts.get(job);
  }

  settle(job: string, verdict: Verdict): void {
    // what was asked about it a second time need not be answered any more
    this.#asked = this.#asked.filter((asked) => asked.job !== job);
    remember(this.#verdicts, job, verdict);
  }

  /** A later id answers for all earlier ones: the printer may report only the most recent (4.6). */
  #proveUpTo(processId: string): void {
    const at = this.#asked.findIndex((asked) => asked.processId === processId);
    for (const asked of this.#asked.splice(0, at + 1)) {
      this.#prove(asked, { method: 'escpos.processId', value: processId });
    }
  }

  /** The count has no check of its own: it must be said twice to be believed. */
  #counted(count: number): void {
    const isConfirmed = count === this.#count;
    this.#count = count;
    if (!isConfirmed) return;
    const at = this.#asked.findIndex((asked) => asked.count === count);
    for (const asked of this.#asked.splice(0, at + 1)) {
      this.#prove(asked, { method: 'star.etbCount', value: String(count) });
    }
  }

  #prove(asked: Asked, proof: Evidence): void {
    if (asked.job !== undefined) remember(this.#proofs, asked.job, proof);
  }
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
