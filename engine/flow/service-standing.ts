/**
 * What works, what waits and what stops, for each service, now: a pure function of the service's definition and of what is
 * known of devices, line, numbers in stock, disk, documents and money in doubt (needs A08). The tiles, the honest board and
 * what a touch may start all ask here, so that they cannot say different things.
 */
import type { DeviceClass, DeviceStatus } from '../../contract/driver.ts';
import type { ServiceDefinition } from '../../contract/service.schema.ts';
import { STEPS } from './steps/step-registry.ts';

/** What of the terminal a service leans on. */
export interface ServiceNeeds {
  readonly devices: readonly DeviceClass[];
  readonly offline: boolean;
  readonly pays: boolean;
  readonly prints: boolean;
  readonly handsIn: boolean;
  /** Queues whose numbers it gives; one of them with numbers is enough to be useful. */
  readonly queues: readonly string[];
}

export interface StationNow {
  device(deviceClass: DeviceClass): Pick<DeviceStatus, 'device' | 'paper'>;
  readonly online: boolean;
  readonly suspended: boolean;
  /** The disk is full, or the ledger is not to be trusted: for all, or for what is paid. */
  readonly closedFor: 'all' | 'paid' | undefined;
  readonly moneyInDoubt: boolean;
  readonly paperInDoubt: boolean;
  ticketsLeft(queue: string): number;
  /** So much waits in this machine that nothing new may be handed in. */
  readonly budgetUsedUp: boolean;
  readonly expiredDocuments: readonly string[];
}

export type StopReason =
  'outOfOrder' | 'office' | 'suspended' | 'offline' | 'settling' | 'diskLow' | 'budget' | 'document' | DeviceClass;

export type Standing =
  | { readonly state: 'works'; readonly less?: 'noNumbers' }
  /** Taken here and sent when the line is back; nobody has received it yet. */
  | { readonly state: 'waits' }
  | { readonly state: 'stops'; readonly why: StopReason };

/** Prices decide what is paid, block lists whom a card is believed. */
const PAID_DOCUMENTS: readonly string[] = ['prices', 'blacklist'];

export function needsOf(service: ServiceDefinition): ServiceNeeds {
  const devices = [...new Set([...service.needs, ...service.steps.flatMap((step) => STEPS[step.kind].needs)])];
  return {
    devices,
    offline: service.offline,
    pays: service.steps.some((step) => step.kind === 'pay'),
    prints: devices.includes('receipt-printer'),
    handsIn: service.handsIn === true,
    queues: queuesOf(service),
  };
}

/** Those of its own way; the number an aside gives is for when everything else has failed. */
function queuesOf(service: ServiceDefinition): readonly string[] {
  const issuing = service.steps.find((step) => step.kind === 'issue-ticket' && !('aside' in step && step.aside));
  if (issuing?.kind !== 'issue-ticket') return [];
  if ('queue' in issuing) return [issuing.queue];
  const asking = service.steps.find((step) => step.id === issuing.choose);
  return asking?.kind === 'choose' ? asking.options.map(({ id }) => id) : [];
}

export function standingOf(needs: ServiceNeeds, now: StationNow): Standing {
  const why = stopReason(needs, now);
  if (why !== undefined) return { state: 'stops', why };
  if (now.online) return { state: 'works' };
  if (needs.handsIn) return { state: 'waits' };
  const hasNumbers = needs.queues.length === 0 || needs.queues.some((queue) => now.ticketsLeft(queue) > 0);
  return hasNumbers ? { state: 'works' } : { state: 'works', less: 'noNumbers' };
}

function stopReason(needs: ServiceNeeds, now: StationNow): StopReason | undefined {
  if (now.suspended) return 'suspended';
  if (now.closedFor === 'all') return 'outOfOrder';
  const broken = needs.devices.find((deviceClass) => !works(now.device(deviceClass)));
  if (broken !== undefined) return broken;
  if (!needs.offline && !now.online) return 'offline';
  if (needs.pays) return moneyReason(now);
  if (needs.prints && now.paperInDoubt) return 'settling';
  // Tickets go on when nothing more can be handed in: a number is small, a form is not.
  return needs.handsIn && now.budgetUsedUp ? 'budget' : undefined;
}

function moneyReason(now: StationNow): StopReason | undefined {
  if (now.closedFor === 'paid') return 'diskLow';
  if (now.moneyInDoubt || now.paperInDoubt) return 'settling';
  return PAID_DOCUMENTS.some((channel) => now.expiredDocuments.includes(channel)) ? 'document' : undefined;
}

function works({ device, paper }: Pick<DeviceStatus, 'device' | 'paper'>): boolean {
  const usable = device === 'online' || device === 'deviceBusy';
  return usable && paper !== 'out' && paper !== 'jammed';
}
