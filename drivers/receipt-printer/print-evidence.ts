/**
 * Which print is proven. Evidence may come late, in the middle of another job or after its own command has been given up
 * as unknown, so it is written down here as it arrives and attributed to the job that asked for it, never to the next one.
 */
import type { Evidence } from '../../contract/outcome.schema.ts';
import type { PrinterEvent } from './escpos-status.codec.ts';
import { remember } from './remember.ts';

export type Verdict = 'yes' | 'no';

interface Asked {
  /** `undefined`: a question of ours that only empties the pipe. */
  readonly job: string | undefined;
  readonly processId: string;
}

const PROCESS_IDS = 10_000;

export class PrintEvidence {
  readonly #proofs = new Map<string, Evidence>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #begun = new Map<string, true>();
  #asked: Asked[] = [];
  #isPipeDirty = false;
  #lastProcessId: number;

  /** `firstProcessId` differs from run to run, so that an answer meant for the program before us fits none of ours. */
  constructor(firstProcessId: number) {
    this.#lastProcessId = firstProcessId % PROCESS_IDS;
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
    this.#asked.push({ job, processId });
    if (job !== undefined) remember(this.#begun, job, true);
    return processId;
  }

  /** The slip of this job was sent once; it is never sent again. */
  wasBegun(job: string): boolean {
    return this.#begun.has(job);
  }

  hear(event: PrinterEvent): void {
    if (event.kind === 'processId') this.#proveUpTo(event.id);
    if (event.kind !== 'drained') return;
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
    remember(this.#verdicts, job, verdict);
  }

  /** A later id answers for all earlier ones: the printer may report only the most recent (4.6). */
  #proveUpTo(processId: string): void {
    const at = this.#asked.findIndex((asked) => asked.processId === processId);
    for (const asked of this.#asked.splice(0, at + 1)) {
      this.#prove(asked, { method: 'escpos.processId', value: processId });
    }
  }

  #prove(asked: Asked, proof: Evidence): void {
    if (asked.job !== undefined) remember(this.#proofs, asked.job, proof);
  }
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
