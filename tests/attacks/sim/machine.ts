/** The kiosk of a simulation: opened, killed by pulling the plug, opened again. Its devices and its platform live on. */
import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HeadFact } from '../../../contract/invariants/facts.types.ts';
import { ok } from '../../../contract/outcome.schema.ts';
import { createEffects, type Effects } from '../../../engine/ledger/effects.ts';
import { openLedger, type Ledger } from '../../../engine/ledger/ledger.ts';
import { createTicketBlockKeeper, type TicketBlockKeeper } from '../../../engine/sync/ticket-blocks.ts';
import { createUplink, type Uplink } from '../../../engine/sync/uplink.ts';
import { tellingLedger } from '../support/acknowledged.ts';
import { Cabinet } from '../support/cabinet.ts';
import { CorePlatform } from '../support/core-platform.ts';
import type { Draw } from '../support/draw.ts';
import { createLine, NO_LINE_FAULTS, type LineFaults } from '../support/line.ts';
import { localDay, type SteppingClock } from './stepping-clock.ts';

export class PowerCut extends Error {}

export const QUEUES = ['social', 'housing'] as const;

export interface Running {
  readonly ledger: Ledger;
  readonly effects: Effects;
  readonly uplink: Uplink;
  readonly keeper: TicketBlockKeeper;
}

const START: HeadFact = { seq: 0, hash: '0'.repeat(64) };

export class Machine {
  readonly clock: SteppingClock;
  readonly draw: Draw;
  readonly cabinet = new Cabinet();
  readonly platform: CorePlatform;
  readonly line: LineFaults = { ...NO_LINE_FAULTS };
  /** Kill points until the plug is pulled. */
  fuse = Number.POSITIVE_INFINITY;
  durable = START;
  acknowledged = START;
  readonly #directory: string;
  #lives = 0;
  #raw: Ledger | undefined;
  #running: Running | undefined;

  constructor(directory: string, clock: SteppingClock, draw: Draw) {
    this.clock = clock;
    this.draw = draw;
    this.platform = new CorePlatform(() => clock.trueMs());
    this.#directory = directory;
  }

  get running(): Running {
    if (!this.#running) throw new Error('the kiosk is off');
    return this.#running;
  }

  get shared() {
    return {
      ledger: this.running.ledger,
      devices: this.cabinet,
      clock: this.clock,
      chance: this.draw,
      probe: this.probe,
    };
  }

  readonly probe = (): void => {
    if (--this.fuse === 0) throw new PowerCut();
  };

  /** `spareBytes`: how much room is left on the disk. */
  open(spareBytes?: number): void {
    const { clock, draw, probe } = this;
    const path = this.#path('kiosk.sqlite');
    const maxBytes = spareBytes === undefined ? undefined : statSync(path).size + spareBytes;
    const options = { path, clock, chance: draw, probe, blackBoxPath: this.#path('money.log') };
    let opened = openLedger({ ...options, maxBytes });
    // a disk that is full before the first commit is somebody else's to clear up: then it is opened with room
    if (!opened.ok && opened.problem.code === 'ledger.full') opened = openLedger(options);
    if (!opened.ok) throw new Error(`I8: ${opened.problem.code} ${opened.problem.detail ?? ''}`);
    const raw = opened.value;
    this.#raw = raw;
    const ledger = tellingLedger(raw, ({ call }) => {
      if (/^(append|appendSoon|record|tickets\.issue)$/.test(call)) this.durable = raw.outbox.head().written;
    });
    const devices = this.cabinet;
    const client = createLine({
      take: (request, stream) => this.platform.take(request, stream ?? 'ledger'),
      faults: this.line,
      probe,
      onHeard: (_request, head, stream) => {
        if (stream === 'ledger') this.acknowledged = head;
      },
    });
    this.#running = {
      ledger,
      effects: createEffects({ ledger, devices, clock, chance: draw, probe }),
      uplink: createUplink({ outbox: { ...raw.outbox, incarnation: raw.incarnation }, client, clock, chance: draw }),
      keeper: createTicketBlockKeeper({
        tickets: ledger.tickets,
        client: {
          leaseTicketBlock: ({ queue, size, idempotencyKey }) =>
            Promise.resolve(ok(this.platform.lease(queue, size, localDay(clock.trueMs()), idempotencyKey))),
        },
        presence: { online: () => this.line.requestsLost === 0, subscribe: () => () => undefined },
        clock,
        chance: draw,
        queues: QUEUES,
        localDay: () => localDay(clock.wallMs()),
      }),
    };
  }

  close(): void {
    this.#raw?.close();
    this.#running = undefined;
  }

  /** The files go on as they lie there at this instant; the process that had them open never closes them. */
  pullPlug(): void {
    const before = ['kiosk.sqlite', 'kiosk.sqlite-wal', 'money.log'].map((name) => [name, this.#path(name)] as const);
    this.#lives++;
    for (const [name, path] of before) if (existsSync(path)) copyFileSync(path, this.#path(name));
    this.close();
    for (const [, path] of before) rmSync(path, { force: true });
    this.fuse = Number.POSITIVE_INFINITY;
  }

  #path(name: string): string {
    return join(this.#directory, `${this.#lives}-${name}`);
  }
}
