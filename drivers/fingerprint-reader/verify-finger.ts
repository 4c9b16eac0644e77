/** One finger against one template, 1:1 (device-protocols 3.5). No score leaves this file. */
import type { FingerprintReply } from '../../contract/devices/fingerprint-reader.schema.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import { capture } from './finger-steps.ts';
import { ROUNDS, type ModuleSession } from './module-session.ts';
import { download, upload, type Uploaded } from './template-transfer.ts';
import { wipeBuffers } from './wipe.ts';
import { CODES } from './zfm-line.ts';
import { garbled, type Answer } from './zfm-talk.ts';

type Verdict = 'match' | 'mismatch';

/** The buffers are wiped before the reply; when that fails, so does the command. */
export async function verifyFinger(session: ModuleSession, templateBase64: string): Promise<Outcome<FingerprintReply>> {
  const template = Uint8Array.from(Buffer.from(templateBase64, 'base64'));
  const { value: sizes } = session.model.templateBytes;
  if (!sizes.includes(template.length)) {
    const detail = `a template of ${template.length} bytes; ${session.model.name} takes ${sizes.join(' or ')}`;
    return failed('device.refused', 'none', detail);
  }
  const captured = await capture(session, 1);
  if (!captured.ok) return captured.outcome;
  if (captured.value.print === 'poor') {
    const { advice } = captured.value;
    return afterWipe(session, { kind: 'verify', result: 'poor', advice }, 'no features');
  }
  const verdict = await compare(session, template);
  if (!verdict.ok) return verdict.outcome;
  return afterWipe(session, { kind: 'verify', result: verdict.value }, `${verdict.value}, asked twice`);
}

export async function afterWipe(
  session: ModuleSession,
  reply: FingerprintReply,
  seen: string,
): Promise<Outcome<FingerprintReply>> {
  const wiped = await wipeBuffers(session);
  if (!wiped.ok) return wiped.outcome;
  return done(reply, { method: 'zfm', value: `${seen}; buffers ${wiped.value}` });
}

/**
 * Downloads and compares until two answers agree and nothing contradicted them. A mismatch counts only when the template is
 * shown to have arrived: the module does not say so, and a template spoiled on the way matches nobody. A module that gives it
 * back changed, the same way twice, does so by itself.
 */
async function compare(session: ModuleSession, template: Uint8Array): Promise<Answer<Verdict>> {
  let lastReadBack: Uploaded = template;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = session.talk.begin();
    const sent = await download(session, 2, template);
    if (!sent.ok) return sent;
    const first = await match(session);
    if (!first.ok) return first;
    if (first.value === 'mismatch') {
      const back = await upload(session, 2);
      if (!back.ok) return back;
      const hasArrived = [template, lastReadBack].some((expected) => isSame(back.value, expected));
      lastReadBack = back.value;
      if (!hasArrived && back.value !== 'refused') continue;
    }
    const stands = await standsBy(session, first.value, begun);
    if (!stands.ok) return stands;
    if (stands.value) return first;
  }
  return garbled('the module does not stand by its verdict');
}

/** Asks once more, and whether any doubt came since `begun`. */
async function standsBy(session: ModuleSession, verdict: Verdict, begun: number): Promise<Answer<boolean>> {
  const second = await match(session);
  if (!second.ok) return second;
  const trusted = await session.talk.settle(begun);
  return trusted.ok ? { ok: true, value: trusted.value && second.value === verdict } : trusted;
}

async function match({ talk }: ModuleSession): Promise<Answer<Verdict>> {
  const matched = await talk.ask('Match', [CODES.success, CODES.mismatch]);
  if (!matched.ok) return matched;
  return { ok: true, value: matched.value.code === CODES.success ? 'match' : 'mismatch' };
}

function isSame(a: Uploaded, b: Uploaded): boolean {
  return a !== 'refused' && b !== 'refused' && Buffer.from(a).equals(b);
}
