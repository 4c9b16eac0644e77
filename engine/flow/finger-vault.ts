/**
 * Holds the templates of one finger check and nothing longer than it: whatever ends the check closes the vault, and closing
 * zeroes the templates, wipes the module and says to the platform how it ended, once (A03, I08).
 */
import type { FingerprintReply } from '../../contract/devices/fingerprint-reader.schema.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import type { Finger } from '../../contract/check.schema.ts';
import type { CardOwner, FingerReference, FlowPorts } from './ports.ts';

const WIPE_MS = 2_000;

export class FingerVault {
  readonly #ports: FlowPorts;
  readonly #owner: CardOwner;
  readonly #session: string;
  #references: readonly FingerReference[] = [];
  #isFilled = false;
  #isClosed = false;
  #hasCompared = false;
  #hasMatched = false;

  constructor(ports: FlowPorts, owner: CardOwner, session: string) {
    this.#ports = ports;
    this.#owner = owner;
    this.#session = session;
  }

  /** False when the check ended while the templates were on their way: they are zeroed at once. */
  fill(references: readonly FingerReference[]): boolean {
    this.#references = references;
    this.#isFilled = true;
    if (!this.#isClosed) return true;
    this.#zero();
    this.#report();
    return false;
  }

  /**
   * Compares the finger on the sensor with its template. The clear text of a command cannot be zeroed in this language, so it
   * is made for the moment of asking and kept by nobody.
   */
  compare(finger: Finger, deadlineMs: number, signal: AbortSignal): Promise<Outcome<FingerprintReply>> {
    const reference = this.#references.find((each) => each.finger === finger);
    if (!reference || this.#isClosed) throw new Error('there is no template to compare with');
    const template = Buffer.from(reference.template).toString('base64');
    const deadline = this.#ports.clock.now() + deadlineMs;
    return this.#ports.devices.execute('fingerprint-reader', { kind: 'verify', template }, { deadline, signal });
  }

  note(result: 'match' | 'mismatch' | 'poor'): void {
    this.#hasMatched ||= result === 'match';
    this.#hasCompared ||= result !== 'poor';
  }

  /** Idempotent. The wipe is asked for whatever the module's state; a module that is gone holds nothing we could reach. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isFilled) return;
    this.#zero();
    this.#report();
    const limits = { deadline: this.#ports.clock.now() + WIPE_MS, signal: new AbortController().signal };
    void this.#ports.devices.execute('fingerprint-reader', { kind: 'wipe' }, limits);
  }

  #zero(): void {
    for (const { template } of this.#references) template.fill(0);
    this.#references = [];
  }

  #report(): void {
    const end = this.#hasMatched ? 'match' : this.#hasCompared ? 'noMatch' : 'notCompared';
    this.#ports.identity.closeFingerCheck(this.#owner, this.#session, end);
  }
}
