/** The bank card terminal of the station: what its cardholder does next, and what goes wrong. */
import Type from 'typebox';
import { MisSimulator, noTerminalFaults } from '../../drivers/payment-terminal/simulator/mis.simulator.ts';
import { NoInput, TerminalFaultsInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

/** A cardholder takes his time. */
const APPROVAL_DELAY_MS = 2_500;

export const openPaymentTerminal: OpenSimulator<'payment-terminal'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const terminal = new MisSimulator({ clock, chance, approvalDelayMs: config.approvalDelayMs ?? APPROVAL_DELAY_MS });
  return { id, class: deviceClass, model, ...terminalControls(terminal), ...(await serve(terminal, config.listen)) };
};

function terminalControls(terminal: MisSimulator): DeviceControls {
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
        healWire(terminal.wire);
      }),
    },
  };
}
