/** The bank card terminal of the station: what its cardholder does next, and what goes wrong. */
import Type from 'typebox';
import { MisDllSimulator, noDllFaults } from '../../drivers/payment-terminal/simulator/mis-dll.simulator.ts';
import { MisSimulator, noTerminalFaults } from '../../drivers/payment-terminal/simulator/mis.simulator.ts';
import { NoInput, TerminalFaultsInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

/** A cardholder takes his time. */
const APPROVAL_DELAY_MS = 2_500;

const flag = (title: string) => Type.Optional(Type.Boolean({ title }));
const DllFaultsInput = Type.Object(
  {
    outcome: Type.Optional(Type.Enum(['approve', 'decline'], { title: 'What the bank says' })),
    approvalDelayMs: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 600_000 })], {
        title: 'How long the cardholder takes, milliseconds',
      }),
    ),
    deaf: flag('The call never reaches the terminal'),
    answerLost: flag('The terminal decides and its answer is lost'),
    wrongEcho: flag('The answer belongs to another call'),
    wrongAmount: flag('The answer names another amount'),
    wrongCheck: flag('The answer is damaged on its way'),
    unmaskedCard: flag('The answer shows the whole card number'),
    refuseVoid: flag('The terminal refuses to give money back'),
  },
  { additionalProperties: false },
);

export const openPaymentTerminal: OpenSimulator<'payment-terminal'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const options = { clock, chance, approvalDelayMs: config.approvalDelayMs ?? APPROVAL_DELAY_MS };
  if (model === 'mis-dll') {
    const terminal = new MisDllSimulator(options);
    return { id, class: deviceClass, model, ...dllControls(terminal), ...(await serve(terminal, config.listen)) };
  }
  const terminal = new MisSimulator(options);
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

function dllControls(terminal: MisDllSimulator): DeviceControls {
  return {
    state: () => terminal.state,
    actions: {
      faults: action(DllFaultsInput, (faults) => void Object.assign(terminal.faults, faults)),
      ...wireActions(terminal.wire),
      reset: action(NoInput, () => {
        Object.assign(terminal.faults, noDllFaults());
        healWire(terminal.wire);
      }),
    },
  };
}
