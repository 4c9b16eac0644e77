/** Whether a service can be started now, said before anyone starts it, and where the reason lies. */
import type { DeviceClass } from '../../contract/driver.ts';
import type { ServiceDefinition } from '../../contract/service.schema.ts';
import type { Choice } from '../../contract/view.schema.ts';
import type { FlowPorts } from './ports.ts';
import { STEPS } from './steps/step-registry.ts';
import type { Speech } from './texts.ts';

/** Why a service cannot be started now, in the resident's words; undefined when it can. */
export function unavailableReason(service: ServiceDefinition, ports: FlowPorts, speech: Speech): string | undefined {
  const broken = needsOf(service).find((deviceClass) => !works(deviceClass, ports));
  if (broken) return speech.say(`unavailable.${broken}`);
  if (!service.offline && !ports.online()) return speech.say('unavailable.offline');
  const paid = service.steps.some((step) => step.kind === 'pay');
  if (paid && !ports.paidServicesOpen()) return speech.say('unavailable.settling');
  if (needsOf(service).includes('receipt-printer') && !ports.printingOpen()) return speech.say('unavailable.settling');
  return undefined;
}

function needsOf(service: ServiceDefinition): readonly DeviceClass[] {
  return [...new Set([...service.needs, ...service.steps.flatMap((step) => STEPS[step.kind].needs)])];
}

function works(deviceClass: DeviceClass, ports: FlowPorts): boolean {
  const status = ports.devices.status(deviceClass);
  const usable = status.device === 'online' || status.device === 'deviceBusy';
  return usable && status.paper !== 'out' && status.paper !== 'jammed';
}

/** A service as a tile: name, one line, and the reason when it is closed. */
export function serviceChoice(service: ServiceDefinition, index: number, speech: Speech, ports: FlowPorts): Choice {
  const closed = unavailableReason(service, ports, speech);
  return {
    id: service.id,
    label: speech.say(`service.${service.id}.name`),
    detail: speech.say(`service.${service.id}.detail`),
    picture: service.picture,
    badge: index + 1,
    ...(closed === undefined ? {} : { unavailable: closed }),
  };
}
