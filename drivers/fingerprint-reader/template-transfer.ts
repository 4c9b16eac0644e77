/** Templates and pictures to and from the module, in data packets (device-protocols 3.2, 3.5 to 3.7). */
import { ROUNDS, type ModuleSession } from './module-session.ts';
import { CODES, type ZfmLine } from './zfm-line.ts';
import { dataPackets, PID, type ZfmEvent, type ZfmPacket } from './zfm-packet.codec.ts';
import { garbled, interrupted, type Answer, type ZfmTalk } from './zfm-talk.ts';

/** A clone that does not tell its packet size and rate has these. */
const DEFAULT_PACKET_BYTES = 128;
const DEFAULT_BAUD = 57_600;
const DATA_PACKET_MS = 1_000;
/** The largest template, each packet of it twice. */
const MAX_UPLOAD_BYTES = 2 * 1_536;
/** Start, eight data bits, stop. */
const BITS_A_BYTE = 10;

/** What a refused upload says: the buffer holds nothing that could be given out. */
export type Uploaded = Uint8Array | 'refused';

/** Puts `bytes` into a buffer. The module confirms only that it is ready; that they arrived shows a later read-back. */
export async function download(
  { talk, held }: ModuleSession,
  buffer: 1 | 2,
  bytes: Uint8Array,
): Promise<Answer<undefined>> {
  held.inBuffers = true;
  const ready = await talk.ask('DownChar', [CODES.success], { buffer });
  if (!ready.ok) return ready;
  return talk.send(dataPackets(talk.line.address, bytes, packetBytesOf(talk.line)));
}

/** What lies in a buffer, the packet headers stripped. With `sizes`, any other size is a lost or doubled packet. */
export async function upload(
  { talk }: ModuleSession,
  buffer: 1 | 2,
  sizes?: readonly number[],
): Promise<Answer<Uploaded>> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = await talk.ask('UpChar', [CODES.success, CODES.uploadFailed], { buffer });
    if (!begun.ok) return begun;
    if (begun.value.code === CODES.uploadFailed) return { ok: true, value: 'refused' };
    const received = await receivePackets(talk);
    if (!received.ok) return received;
    const bytes = received.value && assemble(received.value, sizes);
    if (bytes) return { ok: true, value: bytes };
  }
  return garbled('the upload of a template does not come whole');
}

/** Undefined when packets are missing; the line is behind then. */
async function receivePackets(talk: ZfmTalk): Promise<Answer<readonly Uint8Array[] | undefined>> {
  const packets: Uint8Array[] = [];
  for (let bytes = 0; bytes <= MAX_UPLOAD_BYTES;) {
    const wait = await talk.turn.next((event) => dataIn(event, talk.line), DATA_PACKET_MS);
    if (wait.kind === 'timeout') break;
    if (wait.kind !== 'got') {
      talk.line.isLagging = true;
      return interrupted(wait.kind);
    }
    const { content, pid } = wait.value;
    packets.push(content);
    bytes += content.length;
    if (pid === PID.lastData) return { ok: true, value: packets };
  }
  talk.line.isLagging = true;
  return { ok: true, value: undefined };
}

function dataIn(event: ZfmEvent, line: ZfmLine): ZfmPacket | undefined {
  if (event.kind !== 'packet' || event.packet.address !== line.address) return undefined;
  const { pid } = event.packet;
  return pid === PID.data || pid === PID.lastData ? event.packet : undefined;
}

function assemble(packets: readonly Uint8Array[], sizes: readonly number[] | undefined): Uint8Array | undefined {
  const whole = Buffer.concat(packets);
  if (!sizes || sizes.includes(whole.length)) return Uint8Array.from(whole);
  // a wire that says everything twice says each packet twice; the first copy of the last one ends the upload
  const body = packets.slice(0, -1);
  const isDoubled = body.every((packet, index) => Buffer.from(packet).equals(body[index ^ 1] ?? new Uint8Array()));
  const single = Buffer.concat([...body.filter((_, index) => index % 2 === 0), ...packets.slice(-1)]);
  return isDoubled && sizes.includes(single.length) ? Uint8Array.from(single) : undefined;
}

/**
 * Overwrites the picture. It is long: at 57600 baud seven seconds, sent at the pace of the line so that `isUnwanted` can cut
 * it short. False when the module takes no pictures or it was cut short.
 */
export async function blankImage(session: ModuleSession, isUnwanted: () => boolean): Promise<Answer<boolean>> {
  const { talk, model, held } = session;
  const begun = talk.begin();
  const ready = await talk.ask('DownImage', 'any');
  if (!ready.ok) return ready;
  if (ready.value.code !== CODES.success) return { ok: true, value: false };
  const { address } = talk.line;
  const packets = dataPackets(address, new Uint8Array(model.imageBytes.value), packetBytesOf(talk.line));
  for (const packet of packets) {
    const sent = talk.send([packet]);
    if (!sent.ok) return sent;
    const mayGoOn = await talk.turn.scope.pause(millisecondsOf(packet, talk.line));
    if (mayGoOn && !isUnwanted()) continue;
    // the module waits for the end of the picture and hears nothing else before
    const ended = talk.send(dataPackets(address, new Uint8Array(), 1));
    if (!ended.ok) return ended;
    return mayGoOn ? { ok: true, value: false } : interrupted(talk.turn.scope.interruption ?? 'cancelled');
  }
  const trusted = await talk.settle(begun);
  if (!trusted.ok) return trusted;
  if (trusted.value) held.inImage = false;
  return trusted;
}

export function packetBytesOf({ parameters }: ZfmLine): number {
  return parameters?.packetBytes ?? DEFAULT_PACKET_BYTES;
}

function millisecondsOf(packet: Uint8Array, { parameters }: ZfmLine): number {
  return Math.ceil((packet.length * BITS_A_BYTE * 1_000) / (parameters?.baud ?? DEFAULT_BAUD));
}
