/**
 * One run of the platform's store with its disk recorded: opened, sent to by terminals, and ended by a kill, also amid a
 * commit, or in order. Everything it acknowledges is marked in the log. Argument: a `StoreLife` as JSON.
 */
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { Draw } from '../support/draw.ts';
import { recordProcess } from './record-process.ts';
import type { StoreLife } from './store-life.ts';
import { StoreSender } from './store-sender.ts';
import { storeTerminals } from './store-terminals.ts';

/** Between groups, so that presences are written and the log is looked at. */
const GROUP_MS = 200;
const HEARD_PERCENT = 30;
/** They are given at once, so that a kill finds some of them under way. */
const LAST_GROUPS = 2;
const REPORT = JSON.stringify({ backlog: 3 });

const life = JSON.parse(process.argv[2] ?? '{}') as StoreLife;
const { mark, kill } = recordProcess(life);
// only now: what is loaded before takes the calls of `node:fs` as they are
const { openStored } = await import('../../../platform/ingest/open-stored.ts');
const { createPresences } = await import('../../../platform/presences.ts');
const clock = new SimulatedClock();
const onFault = (error: unknown): void => {
  throw error;
};

const { database, store } = await openStored(
  { sqlitePath: life.path },
  { clock, onFault, onLost: onFault, writeBack: life.writeBack },
);
const terminals = await storeTerminals(life.chains);
const rows = await database.selectFrom('heads').select(['terminal_id', 'seq', 'hash']).execute();
const heads = new Map(rows.map(({ terminal_id, ...head }) => [terminal_id, head]));
const draw = new Draw(life.seed);
const sender = new StoreSender({ store, mark, draw }, terminals, heads);
const presences = createPresences(database, clock);
for (let group = 0; group < life.groups; group++) {
  const given = sender.give(clock.wallMs());
  if (group < life.groups - LAST_GROUPS) await given;
  if (draw.hits(HEARD_PERCENT)) presences.heard(draw.pick(terminals).terminal.id, REPORT);
  clock.advance(GROUP_MS);
}
if (life.ending === 'close') {
  await sender.answered();
  presences.stop();
  await presences.write();
  await store.close();
  await database.destroy();
} else await sender.answered(draw.below(1 + LAST_GROUPS));
kill();
