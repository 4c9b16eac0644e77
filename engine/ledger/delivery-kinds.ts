/** How a delivery that was begun is asked about, by what it is. */
import { problem } from '../../contract/outcome.schema.ts';
import type { Delivery, DeliveryKind } from './delivery.effect.ts';
import type { ActName } from './journal.schema.ts';
import { PRINT } from './print.effect.ts';
import { UNLOCK } from './unlock.effect.ts';

/** An act without a row was begun by a release that knew its device: this one asks nobody and hands it to staff. */
const ACTS: Readonly<Partial<Record<ActName, DeliveryKind>>> = { unlock: UNLOCK };

export function deliveryKind(delivery: Delivery): DeliveryKind {
  if ('template' in delivery) return PRINT;
  const { act } = delivery;
  return ACTS[act] ?? { ...UNLOCK, ask: () => Promise.resolve({ kind: 'cannotTell', problem: noDevice(act) }) };
}

const noDevice = (act: ActName) => problem('device.notFitted', act);
