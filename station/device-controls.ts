/** What can be done to each kind of simulator, in words of the page. */
import Type from 'typebox';
import { fail } from '../contract/outcome.schema.ts';
import { noTerminalFaults, type MisSimulator } from '../drivers/payment-terminal/simulator/mis.simulator.ts';
import type { EscposSimulator } from '../drivers/receipt-printer/simulator/escpos.simulator.ts';
import { renderSlipPng } from '../drivers/receipt-printer/simulator/paper-renderer.ts';
import { noWireFaults, type FaultyWire } from '../drivers/simulator/faulty-wire.ts';
import type { VirtualCardSimulator } from '../drivers/smart-card-reader/simulator/virtual-card.simulator.ts';
import {
  CardFaultsInput,
  InsertInput,
  NoInput,
  PrinterFaultsInput,
  RefillInput,
  TerminalFaultsInput,
  WireFaultsInput,
} from './station-actions.schema.ts';
import { action, type DeviceControls, type StationAction } from './station-device.ts';

export function printerControls(printer: EscposSimulator): DeviceControls {
  const pictures = new Map<number, Uint8Array>();
  const noFaults = { ...printer.faults };
  return {
    state: () => printer.state,
    slipPng(number) {
      const slip = printer.paper.slips.find((candidate) => candidate.number === number);
      if (!slip) return undefined;
      for (const old of pictures.keys()) if (old <= number - 30) pictures.delete(old);
      const picture = pictures.get(number) ?? renderSlipPng(slip);
      pictures.set(number, picture);
      return picture;
    },
    actions: {
      'take-slip': action(NoInput, () => void printer.takePaper()),
      'open-cover': action(NoInput, () => printer.openCover()),
      'close-cover': action(NoInput, () => printer.closeCover()),
      'remove-paper': action(NoInput, () => printer.removePaper()),
      refill: action(RefillInput, ({ rollCm }) => printer.refill(rollCm)),
      'clear-jam': action(NoInput, () => printer.clearJam()),
      'power-cycle': action(NoInput, () => printer.powerCycle()),
      faults: action(PrinterFaultsInput, (faults) => void Object.assign(printer.faults, faults)),
      ...wireActions(printer.wire),
      reset: action(NoInput, () => {
        Object.assign(printer.faults, noFaults);
        Object.assign(printer.wire.faults, noWireFaults());
        printer.closeCover();
        printer.clearJam();
        printer.powerCycle();
        printer.refill();
      }),
    },
  };
}

export function terminalControls(terminal: MisSimulator): DeviceControls {
  return {
    state: () => terminal.state,
    actions: {
      /** For the next sale only; null takes it back. */
      next: action(Type.Union([Type.Null(), TerminalFaultsInput]), (faults) => terminal.setNext(faults)),
      faults: action(TerminalFaultsInput, (faults) => void Object.assign(terminal.faults, faults)),
      ...wireActions(terminal.wire),
      reset: action(NoInput, () => {
        terminal.setNext(null);
        Object.assign(terminal.faults, noTerminalFaults());
        Object.assign(terminal.wire.faults, noWireFaults());
      }),
    },
  };
}

export function cardControls(card: VirtualCardSimulator): DeviceControls {
  const noFaults = { ...card.faults };
  return {
    state: () => card.state,
    actions: {
      insert: action(InsertInput, ({ card: id }) => {
        if (!card.insert(id)) return fail('kiosk.badMessage', `no card ${id}`);
      }),
      remove: action(NoInput, () => card.remove()),
      faults: action(CardFaultsInput, (faults) => void Object.assign(card.faults, faults)),
      ...wireActions(card.wire),
      reset: action(NoInput, () => {
        card.remove();
        Object.assign(card.faults, noFaults);
        Object.assign(card.wire.faults, noWireFaults());
      }),
    },
  };
}

function wireActions(wire: FaultyWire): Readonly<Record<'wire' | 'hang-up', StationAction>> {
  return {
    wire: action(WireFaultsInput, (faults) => void Object.assign(wire.faults, faults)),
    'hang-up': action(NoInput, () => wire.hangUp()),
  };
}
