/** From a device's configuration to its driver: the one table of classes and models. A new class is a new row. */
import type { CardProfile } from '../contract/card-profile.schema.ts';
import type { Clock } from '../contract/clock.ts';
import type { DeviceConfig } from '../contract/devices/device-config.schema.ts';
import type { DeviceClass, Driver } from '../contract/driver.ts';
import { fail, ok, type Result } from '../contract/outcome.schema.ts';
import type { ByteLink } from './link/byte-link.ts';
import { serialLink } from './link/serial.link.ts';
import { tcpLink } from './link/tcp.link.ts';
import { PaymentTerminalDriver } from './payment-terminal/payment-terminal.driver.ts';
import { terminalModel } from './payment-terminal/terminal-models.ts';
import { printerModel } from './receipt-printer/printer-models.ts';
import { ReceiptPrinterDriver } from './receipt-printer/receipt-printer.driver.ts';
import { createSmartCardReader } from './smart-card-reader/smart-card-reader.driver.ts';

/** A driver whose commands have been checked against its class by whoever calls it. */
export type AnyDriver = Driver<unknown, unknown>;

export interface DriverWiring {
  readonly clock: Clock;
  readonly cardProfiles: readonly CardProfile[];
}

type Opener = (config: DeviceConfig, wiring: DriverWiring) => Result<AnyDriver>;

const OPENERS: Readonly<Record<DeviceClass, Opener>> = {
  'smart-card-reader': (config, wiring) => {
    const fits = config.link.kind === 'pcsc' || config.link.kind === 'vpcd';
    return fits ? ok(createSmartCardReader(config, wiring) as AnyDriver) : wrongLink(config);
  },
  'receipt-printer': (config, { clock }) => {
    const model = printerModel(config.model);
    const link = byteLink(config, clock);
    if (!model) return unknownModel(config);
    return link ? ok(new ReceiptPrinterDriver({ id: config.id, model, link, clock }) as AnyDriver) : wrongLink(config);
  },
  'payment-terminal': (config, { clock }) => {
    const model = terminalModel(config.model);
    const link = byteLink(config, clock);
    if (!model) return unknownModel(config);
    return link ? ok(new PaymentTerminalDriver({ id: config.id, model, link, clock }) as AnyDriver) : wrongLink(config);
  },
};

/** Opens the wire, too; the driver says in its status how that goes. `kiosk.badConfig` for a model or link that cannot be. */
export function openDriver(config: DeviceConfig, wiring: DriverWiring): Result<AnyDriver> {
  return OPENERS[config.class](config, wiring);
}

function byteLink({ link }: DeviceConfig, clock: Clock): ByteLink | undefined {
  if (link.kind === 'tcp') return tcpLink(link, clock);
  return link.kind === 'serial' ? serialLink(link, clock) : undefined;
}

function unknownModel({ id, model }: DeviceConfig): Result<never> {
  return fail('kiosk.badConfig', `${id}: no driver knows the model ${model}`);
}

function wrongLink({ id, class: deviceClass, link }: DeviceConfig): Result<never> {
  return fail('kiosk.badConfig', `${id}: a ${deviceClass} does not hang on ${link.kind}`);
}
