/** A driver and the simulated reader, joined in memory on a simulated clock. */
import type { IdCardCommand, IdCardReply } from '../../../contract/devices/id-card-reader.schema.ts';
import type { Outcome } from '../../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { FakeLink } from '../../link/testing/fake.link.ts';
import { bytesOf, hexOf } from '../../testing/frames.ts';
import { idCardModel, type IdCardModelName } from '../id-card-models.ts';
import { IdCardReaderDriver } from '../id-card-reader.driver.ts';
import { SamSimulator } from '../simulator/sam.simulator.ts';

export const READ: IdCardCommand = { kind: 'read', fingerprints: false, appendedAddress: false };
export const READ_ALL: IdCardCommand = { kind: 'read', fingerprints: true, appendedAddress: true };

const SAME_BYTES = { bytes: (length: number) => Uint8Array.from({ length }, (_unused, index) => (index * 91) & 0xff) };

export function idCardStation(name: IdCardModelName = 'sam-v', radioMs = 0) {
  const clock = new SimulatedClock();
  const model = idCardModel(name);
  if (!model) throw new Error(`no model ${name}`);
  const link = new FakeLink();
  const reader = new SamSimulator({
    clock,
    chance: SAME_BYTES,
    transport: model.reportBytes > 0 ? 'hid' : 'stream',
    radioMs,
    liftAgain: model.liftAgain.value,
  });
  reader.onOutput((bytes) => link.say(hexOf(bytes)));
  link.device = (hex) => reader.feed(bytesOf(hex));
  link.onState((state) => (state === 'open' ? reader.connected() : reader.disconnected()));
  const driver = new IdCardReaderDriver({ id: 'id-1', model, link, clock });
  const execute = (
    command: IdCardCommand = READ,
    ms = 30_000,
    signal = new AbortController().signal,
  ): Promise<Outcome<IdCardReply>> => driver.execute(command, { deadline: clock.now() + ms, signal });
  const media: string[] = [];
  driver.subscribe((status) => {
    if (status.media !== media.at(-1)) media.push(status.media);
  });
  return { clock, link, reader, driver, execute, media };
}
