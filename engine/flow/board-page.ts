/**
 * The honest board (M07): what works now, what is taken here and sent later, what is down and where to go instead, and how
 * old each thing is that is said. Worked out anew at every look; nothing on it is written by hand.
 */
import type { DeviceClass } from '../../contract/driver.ts';
import type { ScreenOf } from '../../contract/view.schema.ts';
import { standingNow } from './availability.ts';
import type { Page } from './flow.types.ts';
import type { FlowPorts } from './ports.ts';
import { needsOf, type Standing } from './service-standing.ts';
import type { Surroundings } from './surroundings.ts';
import type { Speech } from './texts.ts';

type Board = ScreenOf<'board'>;
type Group = Board['groups'][number];
type Item = Group['items'][number];
type SourceRow = Board['sources']['rows'][number];

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** Of devices with a reading of their own; a fault of any other is told by the service that needs it. */
const SHOWN_DEVICES: readonly DeviceClass[] = ['receipt-printer', 'payment-terminal'];

export function boardPage(speech: Speech, around: Surroundings): Page {
  const { ports } = around;
  const groups = groupsOf(speech, around);
  const title = speech.say('board.title');
  return {
    name: 'board',
    speech: [title, ...groups.map(spokenGroup)].join('. ').slice(0, 480),
    screen: {
      kind: 'board',
      title,
      subtitle: speech.say('board.subtitle', { time: ports.localTime().time }),
      groups,
      sources: { label: speech.say('board.sources'), rows: sourcesOf(speech, around) },
      back: speech.say('action.back'),
    },
  };
}

function spokenGroup({ label, items }: Group): string {
  return `${label}: ${items.map((item) => item.label).join(', ')}`;
}

function groupsOf(speech: Speech, around: Surroundings): Group[] {
  const { ports, services } = around;
  const found: Record<Group['state'], Item[]> = { works: [], waits: [], stops: [] };
  for (const service of services) {
    const standing = standingNow(service, ports);
    const detail = detailOf(speech, standing);
    const label = speech.say(`service.${service.id}.name`);
    found[standing.state].push(detail === undefined ? { label } : { label, detail });
  }
  const { unsent } = ports.line();
  if (unsent > 0) {
    const detail = speech.say(ports.online() ? 'board.unsentOnline' : 'board.unsent', { count: unsent });
    found.waits.push({ label: speech.say('board.unsentName'), detail });
  }
  return (['works', 'waits', 'stops'] as const).flatMap((state) =>
    found[state].length === 0 ? [] : [{ state, label: labelOf(speech, state, around), items: found[state] }],
  );
}

/** What is down here may be had elsewhere: the helper knows where. */
function labelOf(speech: Speech, state: Group['state'], { station }: Surroundings): string {
  return speech.say(`board.${state}`, { phone: station.helperPhone });
}

function detailOf(speech: Speech, standing: Standing): string | undefined {
  switch (standing.state) {
    case 'stops':
      return speech.say(`unavailable.${standing.why}`);
    case 'waits':
      return speech.say('board.handedIn');
    case 'works':
      return standing.less && speech.say(`board.${standing.less}`);
  }
}

function sourcesOf(speech: Speech, { ports, services }: Surroundings): SourceRow[] {
  const queue = services.flatMap((service) => needsOf(service).queues)[0];
  const fact = queue === undefined ? undefined : ports.queueFact(queue);
  const fitted = SHOWN_DEVICES.filter((deviceClass) => ports.devices.status(deviceClass).device !== 'noDevice');
  return [
    { label: speech.say('board.line'), value: lineAge(speech, ports) },
    ...(fact ? [{ label: speech.say('board.queues'), value: fact.asOf }] : []),
    ...fitted.map((deviceClass) => ({
      label: speech.say(`board.device.${deviceClass}`),
      value: speech.say('board.now'),
    })),
    {
      label: speech.say('board.clock'),
      value: speech.say(ports.timeVerified() ? 'board.clockVerified' : 'board.clockUnverified'),
    },
  ];
}

function lineAge(speech: Speech, ports: FlowPorts): string {
  const { heardMsAgo } = ports.line();
  if (ports.online()) return speech.say('board.now');
  if (heardMsAgo === undefined) return speech.say('board.never');
  const minutes = Math.max(1, Math.floor(heardMsAgo / MINUTE_MS));
  if (minutes < HOUR_MINUTES) return speech.say('board.minutesAgo', { minutes });
  return speech.say('board.hoursAgo', { hours: Math.floor(minutes / HOUR_MINUTES) });
}
