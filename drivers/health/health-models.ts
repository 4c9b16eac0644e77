/**
 * What differs between models, as data (device-protocols 7). Each value says how sure it is: `sheet` stands in the sheet with
 * two sources, `low` in one that contradicts itself, `assumed` elsewhere or nowhere.
 */
import type { Clock } from '../../contract/clock.ts';
import type { AnyDriver } from '../opener.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { bleMeter } from './ble-meter.ts';
import { HealthDriver } from './health.driver.ts';
import type { HealthDialect } from './health-dialect.ts';
import { maiboboCuff } from './maibobo-cuff.ts';
import type { ResultOffset } from './maibobo.codec.ts';
import { nibpCuff } from './nibp-cuff.ts';
import { omronMonitor } from './omron.ts';
import { newOximeter, oldOximeter } from './oximeter.ts';
import { chunkFraming, gatewayFraming } from './packet-framing.ts';

export type Confidence = 'sheet' | 'low' | 'assumed';
type Parity = 'none' | 'odd';

export interface HealthSettings {
  /** Of the station's wall clock, for devices that date their readings. */
  readonly utcOffsetMinutes: number;
  readonly resultOffset: ResultOffset | undefined;
}

export interface HealthModel {
  readonly name: string;
  /** Key of its protocol in `drivers/wire-keys.ts`. */
  readonly wireKey: string;
  readonly confidence: Confidence;
  /** `wire`: its own bytes. `gateway`: indications or reports in gateway frames; on a HID link a report is a chunk. */
  readonly transport: 'wire' | 'gateway';
  /** Of its own serial port; absent where it has none. `parities` are those that units have been seen with. */
  readonly serial?: { readonly baudRate: number; readonly parities: readonly Parity[] };
  readonly needsResultOffset?: true;
  open(parts: DriverParts): AnyDriver;
}

export interface DriverParts extends HealthSettings {
  readonly id: string;
  readonly link: ByteLink;
  readonly clock: Clock;
  /** The link keeps reports whole (USB HID). */
  readonly isChunked: boolean;
}

const MODELS: readonly HealthModel[] = [
  {
    name: 'cms50-5byte',
    wireKey: 'spo2-cms50-5byte',
    confidence: 'sheet',
    transport: 'wire',
    // 8O1 most often, 8N1 on some: the site's link says which.
    serial: { baudRate: 19_200, parities: ['odd', 'none'] },
    open: (parts) => opened('cms50-5byte', parts, oldOximeter()),
  },
  {
    name: 'cms50-9byte',
    wireKey: 'spo2-cms50-9byte',
    confidence: 'sheet',
    transport: 'wire',
    serial: { baudRate: 115_200, parities: ['none'] },
    open: (parts) => opened('cms50-9byte', parts, newOximeter()),
  },
  {
    name: 'omron-hid-790it',
    wireKey: 'bp-omron-hid',
    confidence: 'sheet',
    transport: 'gateway',
    open: (parts) => opened('omron-hid-790it', parts, omronMonitor({ ...parts, framing: framingOf(parts) })),
  },
  {
    name: 'suntech-ascii',
    wireKey: 'bp-suntech',
    confidence: 'assumed',
    transport: 'wire',
    serial: { baudRate: 4800, parities: ['none'] },
    open: (parts) => opened('suntech-ascii', parts, nibpCuff()),
  },
  {
    name: 'maibobo',
    wireKey: 'bp-maibobo',
    confidence: 'low',
    transport: 'wire',
    serial: { baudRate: 9600, parities: ['none'] },
    needsResultOffset: true,
    open: (parts) => opened('maibobo', parts, maiboboCuff(parts.resultOffset ?? 7)),
  },
  {
    name: 'ble-bp',
    wireKey: 'ble-bp',
    confidence: 'sheet',
    transport: 'gateway',
    open: (parts) =>
      opened('ble-bp', parts, bleMeter({ ...parts, quantity: 'blood-pressure', framing: gatewayFraming() })),
  },
  {
    name: 'ble-weight',
    wireKey: 'ble-weight',
    confidence: 'sheet',
    transport: 'gateway',
    open: (parts) => opened('ble-weight', parts, bleMeter({ ...parts, quantity: 'weight', framing: gatewayFraming() })),
  },
];

export const HEALTH_MODEL_NAMES: readonly string[] = MODELS.map(({ name }) => name);

export function healthModel(name: string): HealthModel | undefined {
  return MODELS.find((model) => model.name === name);
}

function framingOf({ isChunked }: DriverParts) {
  return isChunked ? chunkFraming() : gatewayFraming();
}

function opened<Event>(model: string, { id, link, clock }: DriverParts, dialect: HealthDialect<Event>): AnyDriver {
  return new HealthDriver<Event>({ id, model, dialect, link, clock }) as AnyDriver;
}
