/** What a maintainer reads of a locker: each board asked once, its polarity, the noise on the line. Opens nothing. */
import type { SelfTestLine } from '../../contract/driver.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import type { DoorReading } from './locker-line.ts';
import type { LockerModel } from './locker-models.ts';
import type { Door } from './locker-settings.schema.ts';

export interface LockerTest {
  readonly model: LockerModel;
  /** One of each board. */
  readonly doors: readonly Door[];
  readonly link: ByteLink;
  garbageBytes(): number;
  read(door: Door): Promise<Outcome<DoorReading>>;
}

export async function* testLocker(test: LockerTest): AsyncIterable<SelfTestLine> {
  const { model, doors, link } = test;
  yield { step: 'link', result: link.state === 'open' ? 'pass' : 'fail', detail: `${link.address} ${link.state}` };
  for (const door of doors) {
    const { address, polarity } = door.board;
    const outcome = await test.read(door);
    yield outcome.kind === 'done'
      ? { step: `board ${address}`, result: 'pass', detail: `bits ${bitsText(outcome.reply)}` }
      : { step: `board ${address}`, result: 'fail', detail: outcome.problem.detail ?? outcome.problem.code };
    yield {
      step: `polarity of board ${address}`,
      result: polarity === 'unknown' ? 'fail' : 'pass',
      detail: polarity === 'unknown' ? 'not commissioned: open one known door with `commission`' : polarity,
    };
  }
  const garbage = test.garbageBytes();
  yield { step: 'line', result: garbage === 0 ? 'pass' : 'fail', detail: `${garbage} bytes of no frame` };
  const { baudRate, answerMs, gapMs, pulseMs, busyMs } = model;
  const assumed = Object.entries({ baudRate, answerMs, gapMs, pulseMs, busyMs })
    .filter(([, { confidence }]) => confidence === 'assumed')
    .map(([name, { value }]) => `${name} ${value}`);
  yield { step: 'model', result: assumed.length === 0 ? 'pass' : 'skip', detail: `assumed: ${assumed.join(', ')}` };
}

function bitsText({ state }: DoorReading): string {
  return state.bits.map(Number).join('');
}
