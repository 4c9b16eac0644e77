/** A bug planted in the attacking process alone: with it the attack must find violations, or it finds nothing. */
import type { EffectDevices } from '../../../engine/ledger/effect-context.ts';

/** `sellsAgain`: in doubt the kiosk does not ask after its sale but makes another one, as a person would press the button again. */
export type Plant = 'sellsAgain';

export function sellingAgain(devices: EffectDevices): EffectDevices {
  return {
    execute(deviceClass, command, limits) {
      if (command.kind !== 'query') return devices.execute(deviceClass, command, limits);
      const again = { ...command, kind: 'sale', trade: `${command.trade}-again`.slice(-32) } as typeof command;
      return devices.execute(deviceClass, again, limits);
    },
  };
}
