/** From finger to features, and back to an empty sensor (device-protocols 3.5). */
import type { FingerAdvice } from '../../contract/devices/fingerprint-reader.schema.ts';
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import { ROUNDS, type ModuleSession } from './module-session.ts';
import { isPoor, POOR_CODES } from './print-advice.ts';
import { CODES } from './zfm-line.ts';
import { garbled, interrupted, type Answer } from './zfm-talk.ts';

/** Between two looks at the sensor (3.5: 200 to 500 ms). */
const POLL_MS = 250;

export type Captured = { readonly print: 'good' } | { readonly print: 'poor'; readonly advice: FingerAdvice };

/** Waits for a finger and makes features of it in `buffer`. `finger.none` when none came in time. */
export async function capture(session: ModuleSession, buffer: 1 | 2): Promise<Answer<Captured>> {
  const { talk, advice } = session;
  for (let round = 0; round < ROUNDS; round += 1) {
    const seen = await waitForFinger(session);
    if (!seen.ok) return seen;
    const { begun, code: lookCode } = seen.value;
    const made =
      lookCode === CODES.success ? await makeFeatures(session, buffer) : { ok: true as const, value: lookCode };
    if (!made.ok) return made;
    const trusted = await talk.settle(begun);
    if (!trusted.ok) return trusted;
    const code = made.value;
    if (!trusted.value || code === CODES.noImage) continue;
    if (isPoor(code)) return { ok: true, value: { print: 'poor', advice: advice.next(code) } };
    advice.reset();
    return { ok: true, value: { print: 'good' } };
  }
  return garbled('answers contradict each other');
}

/** Until the sensor is empty. */
export async function waitForLift(session: ModuleSession): Promise<Answer<undefined>> {
  for (;;) {
    const begun = session.talk.begin();
    const look = await lookForFinger(session);
    if (!look.ok) return look;
    if (look.value === CODES.noFinger) {
      const trusted = await session.talk.settle(begun);
      if (!trusted.ok) return trusted;
      if (trusted.value) return { ok: true, value: undefined };
    }
    const paused = await pause(session);
    if (!paused.ok) return paused;
  }
}

/** Code 00 when a picture of a finger was taken, 03 when one lies there and could not be; `begun` is of that last look. */
async function waitForFinger(
  session: ModuleSession,
): Promise<Answer<{ readonly code: number; readonly begun: number }>> {
  for (let hasLooked = false; ; hasLooked = true) {
    const begun = session.talk.begin();
    const look = await lookForFinger(session);
    if (!look.ok) return hasLooked ? { ok: false, outcome: noneCame(look.outcome) } : look;
    if (look.value !== CODES.noFinger) return { ok: true, value: { code: look.value, begun } };
    const paused = await pause(session);
    if (!paused.ok) return { ok: false, outcome: noneCame(paused.outcome) };
  }
}

async function lookForFinger({ talk, held, onMedia }: ModuleSession): Promise<Answer<number>> {
  held.inImage = true;
  const look = await talk.ask('GenImg', [CODES.success, CODES.noFinger, POOR_CODES.captureFailed]);
  if (!look.ok) return look;
  const { code } = look.value;
  onMedia(code === CODES.noFinger ? 'notPresent' : 'present');
  return { ok: true, value: code };
}

async function makeFeatures({ talk, held }: ModuleSession, buffer: 1 | 2): Promise<Answer<number>> {
  held.inBuffers = true;
  const { tooMessy, tooFewFeatures } = POOR_CODES;
  const made = await talk.ask('Img2Tz', [CODES.success, tooMessy, tooFewFeatures, CODES.noImage], { buffer });
  return made.ok ? { ok: true, value: made.value.code } : made;
}

async function pause({ talk }: ModuleSession): Promise<Answer<undefined>> {
  const { scope } = talk.turn;
  return (await scope.pause(POLL_MS)) ? { ok: true, value: undefined } : interrupted(scope.interruption ?? 'cancelled');
}

/** The module works; it is the person that did not come. */
function noneCame(outcome: Outcome<never>): Outcome<never> {
  const isLate = outcome.kind === 'failed' && outcome.problem.code === 'device.deadline';
  return isLate ? failed('finger.none', 'none') : outcome;
}
