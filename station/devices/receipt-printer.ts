/** The receipt printer of the station: paper to take, a cover to open, faults to switch. */
import { EscposSimulator } from '../../drivers/receipt-printer/simulator/escpos.simulator.ts';
import { renderSlipPng } from '../../drivers/receipt-printer/simulator/paper-renderer.ts';
import { NoInput, PrinterFaultsInput, RefillInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const PRINT_SPEED_MM_PER_S = 120;

export const openReceiptPrinter: OpenSimulator<'receipt-printer'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const printer = new EscposSimulator({
    model,
    clock,
    chance,
    speedMmPerS: config.speedMmPerS ?? PRINT_SPEED_MM_PER_S,
    ...(config.rollCm === undefined ? {} : { rollCm: config.rollCm }),
    ...(config.receiveBufferBytes === undefined ? {} : { receiveBufferBytes: config.receiveBufferBytes }),
  });
  return { id, class: deviceClass, model, ...printerControls(printer), ...(await serve(printer, config.listen)) };
};

function printerControls(printer: EscposSimulator): DeviceControls {
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
      'leave-slip': action(NoInput, () => printer.layInMouth()),
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
        healWire(printer.wire);
        printer.closeCover();
        printer.clearJam();
        printer.powerCycle();
        printer.refill();
      }),
    },
  };
}
