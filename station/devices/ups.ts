/** The power supply of the station: mains to pull, a battery that drains, a upsd that loses its driver. */
import Type from 'typebox';
import { NutSimulator, noUpsFaults } from '../../drivers/ups/simulator/nut.simulator.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const closed = { additionalProperties: false } as const;
/** An hour of battery in two minutes, so that a trainer sees it end. */
const MS_PER_PERCENT = 1_200;

const Switch = (title: string) => Type.Optional(Type.Boolean({ title }));
const ChargeInput = Type.Object(
  { percent: Type.Integer({ title: 'Battery charge in percent', minimum: 0, maximum: 100 }) },
  closed,
);
const WornInput = Type.Object({ worn: Type.Boolean({ title: 'The battery must be replaced' }) }, closed);
const UpsFaultsInput = Type.Object(
  {
    dataStale: Switch('The supply no longer talks to upsd (data stale)'),
    driverGone: Switch('upsd has no driver for the supply'),
    lieOnLine: Switch('It says that the mains are there although they are not'),
    noBatteryValues: Switch('It measures neither charge nor run time'),
    endlessList: Switch('Its lists begin and never end'),
    contradictory: Switch('It tells two different charges'),
    otherSupply: Switch('It answers for another supply'),
  },
  closed,
);

/** The supply's name in upsd is the device's id. */
export const openUps: OpenSimulator<'ups'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const ups = new NutSimulator({ clock, chance, ups: id, msPerPercent: MS_PER_PERCENT });
  return { id, class: deviceClass, model, ...upsControls(ups), ...(await serve(ups, config.listen)) };
};

function upsControls(ups: NutSimulator): DeviceControls {
  return {
    state: () => ups.state,
    actions: {
      'pull-mains': action(NoInput, () => ups.pullMains()),
      'plug-mains': action(NoInput, () => ups.plugMains()),
      charge: action(ChargeInput, ({ percent }) => ups.setCharge(percent)),
      battery: action(WornInput, ({ worn }) => ups.wearBattery(worn)),
      'announce-shutdown': action(NoInput, () => ups.announceShutdown()),
      faults: action(UpsFaultsInput, (faults) => void Object.assign(ups.faults, faults)),
      ...wireActions(ups.wire),
      reset: action(NoInput, () => {
        Object.assign(ups.faults, noUpsFaults());
        healWire(ups.wire);
        ups.plugMains();
        ups.setCharge(100);
        ups.wearBattery(false);
      }),
    },
  };
}
