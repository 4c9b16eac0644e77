/**
 * A terminal as the platform sees one, without an engine behind it: a chain of records as residents make them, cut into
 * signed batches. Its own bookkeeping is what the platform is judged by.
 */
import type { BatchRequest, Head } from '../../../contract/platform-api.schema.ts';
import type { StreamEvent } from '../../../contract/terminal-event.schema.ts';
import { canonicalJson, recordHash, ZERO_HASH } from '../../../engine/ledger/record-hash.ts';
import { systemClock } from '../../../contract/clock.system.ts';
import { signedHeaders, testTerminal, type TestTerminal } from '../../support/test-identity.ts';
import { postBytes } from './lean-http.ts';
import type { Draw } from './draw.ts';

type ChainRecord = BatchRequest['records'][number];

const AT = '2026-01-05T00:00:00.000Z';
const INCARNATION = 'inc-0123456789abcdef';

export class SendingTerminal {
  readonly id: string;
  readonly keys: TestTerminal;
  readonly records: ChainRecord[] = [];
  /** The furthest head the platform has acknowledged. */
  acknowledged: Head = { seq: 0, hash: ZERO_HASH };
  #operations = 0;

  constructor(id: string, keys: TestTerminal) {
    this.id = id;
    this.keys = keys;
  }

  static async named(id: string): Promise<SendingTerminal> {
    return new SendingTerminal(id, await testTerminal(id));
  }

  get incarnation(): string {
    return INCARNATION;
  }

  /** One resident more: a charge that is asked and paid, its receipt, now and then a rating or a ticket. */
  serve(draw: Draw): void {
    const number = `${this.id}-${++this.#operations}`;
    const operation = `op-${number}`;
    const charge = { operation, trade: `T-${number}`, service: 'parking', amountCents: 100 + draw.below(9_900) };
    this.#write({ type: 'ChargeAsked', at: AT, ...charge });
    const voucher = String(100_000 + draw.below(899_999));
    this.#write({ type: 'ChargeSettled', at: AT, ...charge, state: 'paid', voucher, reference: `12000${voucher}` });
    const job = { operation, job: `J-${number}`, template: 'receipt' };
    this.#write({ type: 'PrintSettled', at: AT, ...job, state: 'printed', evidence: 'the paper was cut' });
    if (draw.hits(40)) this.#write({ type: 'Rated', at: AT, service: 'parking', stars: 1 + draw.below(5) });
    if (draw.hits(20))
      this.#write({
        type: 'TicketIssued',
        at: AT,
        operation: `t-${number}`,
        queue: 'health',
        number: '',
        offline: true,
        block: 'none',
      });
  }

  /** Serves until there are that many. */
  serveUntil(records: number, draw: Draw): void {
    while (this.records.length < records) this.serve(draw);
  }

  batch(from: number, to: number): BatchRequest {
    const prevHash = this.records[from - 2]?.hash ?? ZERO_HASH;
    return { incarnation: INCARNATION, prevHash, records: this.records.slice(from - 1, to) };
  }

  /** A signed request, whole. */
  async request(body: string, path = 'streams/ledger/batches'): Promise<Uint8Array> {
    const address = `/v1/terminals/${this.id}/${path}`;
    const headers = await signedHeaders(this.keys.identity, { path: address, body }, { nowMs: systemClock.wallMs() });
    return postBytes(address, headers, body);
  }

  #write(event: StreamEvent): void {
    const before = this.records.at(-1)?.hash ?? ZERO_HASH;
    const stamp = { boot: 'boot-00000001', monoMs: this.records.length * 997, offsetMs: 3, errorMs: 40 };
    // in the order in which a ledger keeps and sends it
    const whole = JSON.parse(canonicalJson({ ...event, stamp })) as StreamEvent;
    this.records.push({ seq: this.records.length + 1, event: whole, hash: recordHash(before, whole) });
  }
}
