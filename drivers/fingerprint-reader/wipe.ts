/** Leaves nothing of a person in the module's buffers, and proves it by reading them back (needs A03, I08). */
import type { ByteLink } from '../link/byte-link.ts';
import { largestTemplateBytes, type FingerprintModel } from './fingerprint-models.ts';
import { ROUNDS, type ModuleSession } from './module-session.ts';
import { download, packetBytesOf, upload } from './template-transfer.ts';
import { commandContent } from './zfm-instructions.codec.ts';
import type { ZfmLine } from './zfm-line.ts';
import { dataPackets, encodePacket, PID } from './zfm-packet.codec.ts';
import { garbled, type Answer } from './zfm-talk.ts';

export type WipeProof = 'read back as zeros' | 'not read back';

const BUFFERS = [1, 2] as const;

/** Overwrites both buffers with as many zeros as the largest template of the model. */
export async function wipeBuffers(session: ModuleSession): Promise<Answer<WipeProof>> {
  let proof: WipeProof = 'read back as zeros';
  for (const buffer of BUFFERS) {
    const wiped = await wipeBuffer(session, buffer);
    if (!wiped.ok) return wiped;
    if (wiped.value === 'not read back') proof = wiped.value;
  }
  session.held.buffersWiped();
  return { ok: true, value: proof };
}

async function wipeBuffer(session: ModuleSession, buffer: 1 | 2): Promise<Answer<WipeProof>> {
  const { talk, model } = session;
  const zeros = new Uint8Array(largestTemplateBytes(model));
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = talk.begin();
    const sent = await download(session, buffer, zeros);
    if (!sent.ok) return sent;
    const back = await upload(session, buffer);
    if (!back.ok) return back;
    const trusted = await talk.settle(begun);
    if (!trusted.ok) return trusted;
    if (!trusted.value) continue;
    // some modules give out nothing that is no template
    if (back.value === 'refused') return { ok: true, value: 'not read back' };
    if (back.value.every((byte) => byte === 0)) return { ok: true, value: 'read back as zeros' };
  }
  return garbled(`buffer ${buffer} did not take the zeros`);
}

/**
 * The last words before the wire is let go, when nobody waits for answers any more: zeros for both buffers. A module that
 * does not take them is wiped at the next greeting.
 */
export function blindWipe(link: ByteLink, line: ZfmLine, model: FingerprintModel): void {
  const zeros = new Uint8Array(largestTemplateBytes(model));
  for (const buffer of BUFFERS) {
    const content = commandContent('DownChar', { buffer });
    const command = encodePacket({ address: line.address, pid: PID.command, content });
    for (const packet of [command, ...dataPackets(line.address, zeros, packetBytesOf(line))]) link.write(packet);
  }
}
