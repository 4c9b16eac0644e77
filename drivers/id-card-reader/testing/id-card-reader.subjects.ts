/** Readers of ID cards for the conformance suite: with and without the lift-again quirk, over a stream and in HID reports. */
import type { IdCardCommand, IdCardReply } from '../../../contract/devices/id-card-reader.schema.ts';
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject, type ConformanceTask } from '../../testing/conformance/subject.ts';
import { idCardModel, type IdCardModelName } from '../id-card-models.ts';
import { IdCardReaderDriver } from '../id-card-reader.driver.ts';
import { SamSimulator } from '../simulator/sam.simulator.ts';

const RADIO_MS = 120;
const NOTICE_MS = 8_000;

function read(name: string, card: string, expected: string, command: IdCardCommand): ConformanceTask<SamSimulator> {
  return {
    name,
    command,
    budgetMs: 15_000,
    prepare: (reader) => void reader.lay(card),
    check(reply) {
      const { kind, ...rest } = reply as IdCardReply;
      if (kind !== 'read' || !('document' in rest) || rest.document.name !== expected) throw new Error('not this card');
    },
  };
}

const TASKS: readonly ConformanceTask<SamSimulator>[] = [
  read('reads a card', 'chen-xiaoming', '陈小明', { kind: 'read', fingerprints: false, appendedAddress: false }),
  read('reads everything', 'moved', '陈小明', { kind: 'read', fingerprints: true, appendedAddress: true }),
  { name: 'tells who it is', command: { kind: 'sam-id' } satisfies IdCardCommand, budgetMs: 5_000 },
];

function reader(name: IdCardModelName): ConformanceSubject {
  const model = idCardModel(name);
  if (!model) throw new Error(`no model ${name}`);
  return subject<SamSimulator>({
    name: `id-card-reader ${name}`,
    openDriver: (link, clock) => new IdCardReaderDriver({ id: 'id-1', model, link, clock }) as AnyDriver,
    openDevice: ({ clock, chance }) =>
      new SamSimulator({
        clock,
        chance,
        transport: model.reportBytes > 0 ? 'hid' : 'stream',
        radioMs: RADIO_MS,
        liftAgain: model.liftAgain.value,
      }),
    tasks: TASKS,
    noticeMs: NOTICE_MS,
  });
}

export const SUBJECTS: readonly ConformanceSubject[] = [reader('sam-v'), reader('sam-v-refind'), reader('sam-v-hid')];
