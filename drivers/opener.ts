/** What every class's way from configuration to driver shares: the type, the wires that carry bytes, the two refusals. */
import type { Static, TSchema } from 'typebox';
import type { CardProfile } from '../contract/card-profile.schema.ts';
import { parse } from '../contract/check.ts';
import type { Clock } from '../contract/clock.ts';
import type { DeviceConfig } from '../contract/devices/device-config.schema.ts';
import type { Driver } from '../contract/driver.ts';
import { fail, type Result } from '../contract/outcome.schema.ts';
import type { ByteLink } from './link/byte-link.ts';
import { hidLink } from './link/hid.link.ts';
import { serialLink } from './link/serial.link.ts';
import { tcpLink } from './link/tcp.link.ts';
import { usbPrinterLink } from './link/usb-printer.link.ts';

/** A driver whose commands have been checked against its class by whoever calls it. */
export type AnyDriver = Driver<unknown, unknown>;

export interface DriverWiring {
  readonly clock: Clock;
  readonly cardProfiles: readonly CardProfile[];
  /** Wraps each byte link as it is made, e.g. to record what passes. */
  readonly wrapLink?: (link: ByteLink, config: DeviceConfig) => ByteLink;
}

/** `kiosk.badConfig` for a model, link or setting that cannot be. */
export type Opener = (config: DeviceConfig, wiring: DriverWiring) => Result<AnyDriver>;

/** The wire of a device that speaks over a stream of bytes; undefined for links of another kind. */
export function byteLink(config: DeviceConfig, wiring: DriverWiring): ByteLink | undefined {
  const { clock, wrapLink } = wiring;
  const link = streamLink(config.link, clock);
  return link && wrapLink ? wrapLink(link, config) : link;
}

function streamLink(link: DeviceConfig['link'], clock: Clock): ByteLink | undefined {
  switch (link.kind) {
    case 'tcp':
      return tcpLink(link, clock);
    case 'serial':
      return serialLink(link, clock);
    case 'hid':
      return hidLink(link, clock);
    case 'usb-printer':
      return usbPrinterLink(link, clock);
    default:
      return undefined;
  }
}

/** The device's settings by its class's own schema; the problem names device and key. */
export function settingsOf<Schema extends TSchema>(config: DeviceConfig, schema: Schema): Result<Static<Schema>> {
  const settings = parse(schema, config.settings ?? {});
  return settings.ok ? settings : fail('kiosk.badConfig', `${config.id} settings: ${settings.problem.detail ?? ''}`);
}

export function unknownModel({ id, model }: DeviceConfig): Result<never> {
  return fail('kiosk.badConfig', `${id}: no driver knows the model ${model}`);
}

export function wrongLink({ id, class: deviceClass, link }: DeviceConfig): Result<never> {
  return fail('kiosk.badConfig', `${id}: a ${deviceClass} does not hang on ${link.kind}`);
}
