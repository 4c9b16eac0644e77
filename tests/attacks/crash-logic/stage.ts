/**
 * One life of the kiosk: from what lay on disk when it started to wherever it got. An image is all that a kill at this
 * very instant leaves behind: the files as they are, the devices and the platform as they stand. The next life starts from
 * a copy of it, so that one life gives an image for each of its kill points and is never really broken off.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActFact, HeadFact } from '../../../contract/invariants/facts.types.ts';
import { createEffects, type EffectOptions, type Effects } from '../../../engine/ledger/effects.ts';
import type { KillPoint } from '../../../engine/ledger/kill-points.ts';
import type { Txn } from '../../../engine/ledger/journal.schema.ts';
import { openLedger, type Ledger } from '../../../engine/ledger/ledger.ts';
import { createUplink, type Uplink } from '../../../engine/sync/uplink.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { tellingLedger } from '../support/acknowledged.ts';
import { Cabinet } from '../support/cabinet.ts';
import { Draw } from '../support/draw.ts';
import { actFact } from '../support/ledger-facts.ts';
import { createLine, type LineFaults } from '../support/line.ts';
import { ReferencePlatform } from '../support/reference-platform.ts';
import { sealOf } from '../support/residents.ts';
import { scratchDirectory } from '../support/scratch.ts';
import type { Plan } from './plans.ts';

export interface Image {
  /** Name to content: database, write-ahead log, black box. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly cabinet: Cabinet;
  readonly platform: ReferencePlatform;
  readonly line: LineFaults;
  /** When it was taken. */
  readonly wallMs: number;
  /** The last record whose commit had returned, and the furthest head the terminal had heard. */
  readonly durable: HeadFact;
  readonly acknowledged: HeadFact;
  /** Deliveries that were begun, by job, as far as it was told. */
  readonly acts: ReadonlyMap<string, ActFact & { readonly operation: string }>;
}

export type Point = KillPoint | 'line.sent' | 'line.answered';

export interface Kiosk extends EffectOptions {
  readonly ledger: Ledger;
  readonly cabinet: Cabinet;
  readonly clock: SimulatedClock;
  readonly effects: Effects;
  readonly uplink: Uplink;
  readonly platform: ReferencePlatform;
  readonly durable: () => HeadFact;
  readonly acknowledged: () => HeadFact;
  readonly acts: Image['acts'];
  readonly blackBoxPath: string;
  /** What a kill now would leave. */
  take(): Image;
}

const NAMES = ['kiosk.sqlite', 'kiosk.sqlite-wal', 'money.log'];
const START: HeadFact = { seq: 0, hash: '0'.repeat(64) };
const START_MS = Date.UTC(2026, 0, 5);
/** Between a kill and the next start. */
const DOWN_MS = 30_000;
const LIMIT_MS = 24 * 3_600_000;

export function blankDisk(plan: Plan): Image {
  const { devices, line } = plan;
  const world = { cabinet: new Cabinet(devices), platform: new ReferencePlatform(), line };
  return { files: new Map(), ...world, wallMs: START_MS, durable: START, acknowledged: START, acts: new Map() };
}

/** A directory of its own in memory, where there is such. */
export class Bench {
  readonly #directory = scratchDirectory('crash-logic');
  #lives = 0;

  /** Lives from `image` on; `onPoint` is given the image of each kill point that is passed. Throws what `work` throws. */
  async live(
    image: Image,
    seed: number,
    work: (kiosk: Kiosk) => Promise<void>,
    onPoint?: (point: Point, take: () => Image) => void,
  ): Promise<void> {
    const life = join(this.#directory, String(this.#lives++));
    const pathOf = (name: string): string => `${life}-${name}`;
    for (const [name, content] of image.files) writeFileSync(pathOf(name), content);
    const clock = new SimulatedClock(image.wallMs + DOWN_MS);
    const cabinet = image.cabinet.copy();
    const platform = image.platform.copy();
    const line = { ...image.line };
    let { durable, acknowledged } = image;
    const acts = new Map(image.acts);
    const take = (): Image => ({
      files: new Map(NAMES.flatMap((name) => (existsSync(pathOf(name)) ? [[name, readFileSync(pathOf(name))]] : []))),
      cabinet: cabinet.copy(),
      platform: platform.copy(),
      line: { ...line },
      wallMs: clock.wallMs(),
      durable,
      acknowledged,
      acts: new Map(acts),
    });
    const probe = (point: Point): void => onPoint?.(point, take);
    const chance = new Draw(seed);
    const blackBoxPath = pathOf('money.log');
    const opened = openLedger({ path: pathOf('kiosk.sqlite'), clock, chance, probe, blackBoxPath });
    if (!opened.ok) throw new Error(`I8: the ledger does not open: ${JSON.stringify(opened.problem)}`);
    const ledger = tellingLedger(opened.value, ({ call, value }) => {
      if (!/^(append|appendSoon|submit)$/.test(call)) return;
      durable = opened.value.outbox.head().written;
      const act = actFact(value as Txn);
      if (act) acts.set(act.job, { ...act, operation: (value as Txn).id });
    });
    const client = createLine({
      take: (request, stream) => platform.take(request, stream),
      faults: line,
      probe,
      onHeard: (_request, head, stream) => {
        if (stream === 'ledger') acknowledged = head;
      },
    });
    const outbox = { ...opened.value.outbox, incarnation: opened.value.incarnation };
    const uplink = createUplink({ outbox, client, clock, chance });
    const shared = { ledger, devices: cabinet, clock, chance, probe, seal: sealOf(chance) };
    const known = {
      cabinet,
      platform,
      uplink,
      blackBoxPath,
      take,
      acts,
      durable: () => durable,
      acknowledged: () => acknowledged,
    };
    try {
      await clock.runUntil(work({ ...shared, ...known, effects: createEffects(shared) }), LIMIT_MS);
    } finally {
      opened.value.close();
      for (const name of NAMES) rmSync(pathOf(name), { force: true });
    }
  }

  dispose(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
