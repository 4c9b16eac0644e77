/**
 * The PC/SC add-on, loaded when a reader is wanted and not before: a kiosk without one must start without it. It lives in a
 * package of its own (`pcsc/README.md`); this is the part of it that is used, named here because its types may be absent.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

export interface PcscStatus {
  has(...flags: readonly number[]): boolean;
}

export interface PcscCardState {
  readonly atr: Uint8Array;
}

export interface PcscCard {
  transmit(input: Uint8Array): Promise<Uint8Array>;
  state(): Promise<PcscCardState>;
  disconnect(then: number): Promise<void>;
}

export interface PcscReader {
  name(): string;
  connect(mode: number): Promise<PcscCard>;
  /** `atr` is empty without a card. */
  on(event: 'change', listener: (status: PcscStatus, atr: Uint8Array) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

export interface PcscClient {
  on(event: 'reader', listener: (reader: PcscReader) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Throws at once when the service does not run. */
  start(): unknown;
  stop(): void;
}

export interface PcscAddOn {
  readonly Client: new () => PcscClient;
}

/** Values of the PC/SC standard; the same in every implementation that the add-on speaks to. */
export const PCSC = { present: 0x20, exclusive: 1, unpower: 2 } as const;

const FOLDER = 'drivers/smart-card-reader/pcsc';
const INSTALL = `npm install --no-save --no-audit --no-fund --prefix ${FOLDER}`;

/** Fails with `device.driverMissing` and the command that installs it. */
export function loadPcscAddOn(folder: string = pcscFolder()): Result<PcscAddOn> {
  try {
    const addOn: unknown = createRequire(join(folder, 'package.json'))('pcsc-mini');
    return isPcscAddOn(addOn)
      ? ok(addOn)
      : fail('device.driverMissing', `${INSTALL} (pcsc-mini is not what it should be)`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    // installed, but the system library it is linked to is not
    if (reason.includes('libpcsclite')) return fail('device.driverMissing', 'apt-get install libpcsclite1 pcscd');
    return fail('device.driverMissing', INSTALL);
  }
}

/** Beside this file; in a bundle, which stands elsewhere, in the project above it. */
function pcscFolder(): string {
  const beside = join(import.meta.dirname, 'pcsc');
  if (existsSync(join(beside, 'package.json'))) return beside;
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, FOLDER, 'package.json'))) return join(folder, FOLDER);
  }
  return beside;
}

function isPcscAddOn(value: unknown): value is PcscAddOn {
  return typeof value === 'object' && value !== null && 'Client' in value && typeof value.Client === 'function';
}
