/** Two captures of one finger made into a template of the module's own kind (device-protocols 3.5, 3.7). */
import type { FingerprintReply } from '../../contract/devices/fingerprint-reader.schema.ts';
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import { capture, waitForLift } from './finger-steps.ts';
import type { ModuleSession } from './module-session.ts';
import { upload } from './template-transfer.ts';
import { afterWipe } from './verify-finger.ts';
import { CODES } from './zfm-line.ts';
import { garbled, type Answer } from './zfm-talk.ts';

/** `finger.poor` with the advice in its detail when a capture is poor or the two do not belong together. */
export async function enrolFinger(session: ModuleSession): Promise<Outcome<FingerprintReply>> {
  const first = await captureGood(session, 1);
  if (!first.ok) return first.outcome;
  const lifted = await waitForLift(session);
  if (!lifted.ok) return lifted.outcome;
  const second = await captureGood(session, 2);
  if (!second.ok) return second.outcome;
  const merged = await merge(session);
  if (!merged.ok) return merged.outcome;
  const template = await upload(session, 1, session.model.templateBytes.value);
  if (!template.ok) return template.outcome;
  if (template.value === 'refused') return failed('finger.sensorFault', 'none', 'code 0D featureUploadFailed');
  const encoded = Buffer.from(template.value).toString('base64');
  return afterWipe(session, { kind: 'enrol', template: encoded }, `${template.value.length} bytes`);
}

async function captureGood(session: ModuleSession, buffer: 1 | 2): Promise<Answer<undefined>> {
  const captured = await capture(session, buffer);
  if (!captured.ok) return captured;
  if (captured.value.print === 'good') return { ok: true, value: undefined };
  return { ok: false, outcome: failed('finger.poor', 'none', captured.value.advice) };
}

async function merge({ talk }: ModuleSession): Promise<Answer<undefined>> {
  const begun = talk.begin();
  const merged = await talk.ask('RegModel', [CODES.success, CODES.mergeFailed]);
  if (!merged.ok) return merged;
  const trusted = await talk.settle(begun);
  if (!trusted.ok) return trusted;
  if (!trusted.value) return garbled('answers contradict each other');
  if (merged.value.code === CODES.success) return { ok: true, value: undefined };
  return { ok: false, outcome: failed('finger.poor', 'none', 'the two captures do not merge') };
}
