/**
 * What a service promises about the cut line must follow from what its steps ask of the platform, and from what each of those
 * questions falls back to. A configuration that promises more, or less, is refused before anybody stands before it.
 */
import type { ServiceDefinition, StepKind } from '../contract/service.schema.ts';
import { fail, ok, type Result } from '../contract/outcome.schema.ts';
import { ONLINE_CALLS, type CallName, type OfflineFallback } from './sync/online-calls.ts';

/** Questions to the platform that a step of a kind asks. */
const STEP_CALLS: Readonly<Record<StepKind, readonly CallName[]>> = {
  guide: [],
  identify: [],
  choose: [],
  fill: [],
  price: ['parkingQuote'],
  review: [],
  pay: [],
  'issue-ticket': ['ticketBlock'],
  print: [],
  'verify-finger': ['fingerOffer', 'fingerTemplates', 'fingerEnd'],
  'verify-face': ['faceCheck', 'faceReference'],
  'verify-code': ['codeCheck'],
};

/** With these a step is walked to its end without the line. */
const GOES_ON: readonly OfflineFallback[] = ['lastKnown', 'acceptedHere', 'fromStock'];

/** Whether every step of the service's own way can be walked with the line cut. */
function canBeWalkedOffline({ steps }: ServiceDefinition): boolean {
  const ownWay = steps.filter((step) => !('aside' in step && step.aside));
  return ownWay.every((step) => STEP_CALLS[step.kind].every((call) => GOES_ON.includes(ONLINE_CALLS[call].offline)));
}

/** `kiosk.badConfig` names the service. */
export function checkOfflinePromises(services: readonly ServiceDefinition[]): Result<undefined> {
  const wrong = services.find((service) => service.offline !== canBeWalkedOffline(service));
  if (!wrong) return ok(undefined);
  const steps = wrong.offline ? 'its steps cannot be walked' : 'its steps can be walked';
  return fail(
    'kiosk.badConfig',
    `services/${wrong.id}.yaml: offline is ${wrong.offline}, but ${steps} without the line`,
  );
}
