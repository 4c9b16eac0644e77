/** Whether a service can be started now, said before anyone starts it, and where the reason lies. */
import type { ServiceDefinition } from '../../contract/service.schema.ts';
import type { Choice } from '../../contract/view.schema.ts';
import type { FlowPorts } from './ports.ts';
import { needsOf, standingOf, type Standing, type StationNow } from './service-standing.ts';
import type { Speech } from './texts.ts';

export function standingNow(service: ServiceDefinition, ports: FlowPorts): Standing {
  if (ports.closedByOffice?.(service.id)) return { state: 'stops', why: 'office' };
  return standingOf(needsOf(service), stationNow(ports));
}

/** Why a service cannot be started now, in the resident's words; undefined when it can. */
export function unavailableReason(service: ServiceDefinition, ports: FlowPorts, speech: Speech): string | undefined {
  const words = ports.closedByOffice?.(service.id);
  if (words) return words[speech.locale];
  const standing = standingNow(service, ports);
  return standing.state === 'stops' ? speech.say(`unavailable.${standing.why}`) : undefined;
}

function stationNow(ports: FlowPorts): StationNow {
  return {
    device: (deviceClass) => ports.devices.status(deviceClass),
    online: ports.online(),
    suspended: ports.suspended(),
    closedFor: ports.closedFor('all') ? 'all' : ports.closedFor('paid') ? 'paid' : undefined,
    moneyInDoubt: !ports.paidServicesOpen(),
    paperInDoubt: !ports.printingOpen(),
    ticketsLeft: (queue) => ports.ticketsLeft(queue),
    budgetUsedUp: !ports.handsInOpen(),
    expiredDocuments: ports.expiredDocuments(),
  };
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
