import type { Chance, Clock } from '../contract/clock.ts';
import type { StationDevice } from '../contract/station-config.schema.ts';
import { MisSimulator } from '../drivers/payment-terminal/simulator/mis.simulator.ts';
import { EscposSimulator } from '../drivers/receipt-printer/simulator/escpos.simulator.ts';
import type { ByteSimulator } from '../drivers/simulator/byte-simulator.ts';
import { serveSerial } from '../drivers/simulator/serve-serial.ts';
import { serveTcp, type ServedSimulator } from '../drivers/simulator/serve-tcp.ts';
import { wireCard } from '../drivers/smart-card-reader/simulator/card-wire.ts';
import { VirtualCardSimulator } from '../drivers/smart-card-reader/simulator/virtual-card.simulator.ts';
import { cardControls, printerControls, terminalControls } from './device-controls.ts';
import type { StationDeviceHandle } from './station-device.ts';

export interface Surroundings {
  readonly clock: Clock;
  readonly chance: Chance;
}

/** A cardholder takes his time. */
const APPROVAL_DELAY_MS = 2_500;
const PRINT_SPEED_MM_PER_S = 120;

/** Starts one simulator on its wire. Rejects when the wire cannot be had. */
export async function openDevice(config: StationDevice, { clock, chance }: Surroundings): Promise<StationDeviceHandle> {
  const { id, class: deviceClass, model } = config;
  const named = { id, class: deviceClass, model };
  switch (config.class) {
    case 'receipt-printer': {
      const printer = new EscposSimulator({
        model: config.model,
        clock,
        chance,
        speedMmPerS: config.speedMmPerS ?? PRINT_SPEED_MM_PER_S,
        ...(config.rollCm === undefined ? {} : { rollCm: config.rollCm }),
      });
      return { ...named, ...printerControls(printer), ...(await serve(printer, config.listen)) };
    }
    case 'payment-terminal': {
      const approvalDelayMs = config.approvalDelayMs ?? APPROVAL_DELAY_MS;
      const terminal = new MisSimulator({ clock, chance, approvalDelayMs });
      return { ...named, ...terminalControls(terminal), ...(await serve(terminal, config.listen)) };
    }
    case 'smart-card-reader': {
      const card = new VirtualCardSimulator({ clock, chance });
      const { host, port } = config.listen;
      return { ...named, ...cardControls(card), port: 0, ...wireCard(card, { host, port, clock }) };
    }
  }
}

type Listen = Extract<StationDevice, { class: 'receipt-printer' }>['listen'];

function serve(simulator: ByteSimulator, listen: Listen): Promise<ServedSimulator> {
  return listen.kind === 'tcp'
    ? serveTcp(simulator, { host: '127.0.0.1', port: listen.port })
    : serveSerial(simulator, listen.path);
}
