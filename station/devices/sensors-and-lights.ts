/** The I/O board of the station: doors to open, somebody who comes and goes, lamps to look at. */
import Type from 'typebox';
import { IoBoardSimulator, noBoardFaults } from '../../drivers/sensors-and-lights/simulator/io-board.simulator.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const closed = { additionalProperties: false } as const;
/** The usual wiring of the driver's settings. */
const CABINET_DOOR = 0;
const SERVICE_DOOR = 1;
const PRESENCE = 2;

const InputNumber = Type.Integer({ title: 'Number of the input', minimum: 0, maximum: 15 });
const Open = Type.Object({ open: Type.Boolean({ title: 'The door is open' }) }, closed);
const Present = Type.Object({ present: Type.Boolean({ title: 'Somebody stands in front' }) }, closed);
const SetInput = Type.Object({ input: InputNumber, on: Type.Boolean({ title: 'The contact is closed' }) }, closed);
const Bounce = Type.Object(
  { input: InputNumber, times: Type.Integer({ title: 'How often the contact chatters', minimum: 1, maximum: 100 }) },
  closed,
);
const BoardFaultsInput = Type.Object(
  {
    badCrc: Type.Optional(Type.Boolean({ title: 'Its answers are damaged (serial only)' })),
    wrongUnit: Type.Optional(Type.Boolean({ title: 'It answers under another number' })),
    exception: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 11 })], { title: 'It refuses with this number' }),
    ),
    stuckCoil: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 15 })], { title: 'This relay is stuck' }),
    ),
    echoOnly: Type.Optional(Type.Boolean({ title: 'It says yes and switches nothing' })),
    slowMs: Type.Optional(Type.Integer({ title: 'Milliseconds until it answers', minimum: 0, maximum: 60_000 })),
  },
  closed,
);

export const openSensorsAndLights: OpenSimulator<'sensors-and-lights'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const board = new IoBoardSimulator({ clock, chance, framing: model === 'modbus-tcp' ? 'tcp' : 'rtu' });
  return { id, class: deviceClass, model, ...boardControls(board), ...(await serve(board, config.listen)) };
};

function boardControls(board: IoBoardSimulator): DeviceControls {
  return {
    state: () => board.state,
    actions: {
      'cabinet-door': action(Open, ({ open }) => board.setInput(CABINET_DOOR, open)),
      'service-door': action(Open, ({ open }) => board.setInput(SERVICE_DOOR, open)),
      presence: action(Present, ({ present }) => board.setInput(PRESENCE, present)),
      input: action(SetInput, ({ input, on }) => board.setInput(input, on)),
      bounce: action(Bounce, ({ input, times }) => board.bounce(input, times, 20)),
      'power-cycle': action(NoInput, () => board.powerCycle()),
      faults: action(BoardFaultsInput, (faults) => void Object.assign(board.faults, faults)),
      ...wireActions(board.wire),
      reset: action(NoInput, () => {
        Object.assign(board.faults, noBoardFaults());
        healWire(board.wire);
        for (const input of [CABINET_DOOR, SERVICE_DOOR, PRESENCE]) board.setInput(input, false);
      }),
    },
  };
}
