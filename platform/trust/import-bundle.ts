/**
 * Takes a courier's bundle in (needs M11): every request in it is checked and stored as if it had come over the line, but for
 * the age of its signature. Once more, it changes nothing. The receipt brings back how far each stream stands.
 */
import { createHash, verify, type KeyObject } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { parse } from '../../contract/check.ts';
import {
  bundleText,
  CourierBundle,
  CourierContent,
  receiptText,
  type CarriedRequest,
  type CourierReceipt,
  type ReceiptContent,
} from '../../contract/courier.schema.ts';
import { readKeyId } from '../../contract/enrolment.ts';
import { readSignature } from '../../contract/http-signature.ts';
import { BatchRequest } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import { open } from './opening.ts';
import { signCheckpoint } from './trust.ts';
import { isBodyOf, isSignedWith } from './verify-request.ts';

export type ImportAnswer =
  | { readonly kind: 'taken'; readonly receipt: CourierReceipt }
  | { readonly kind: 'refused'; readonly status: 403 | 422; readonly code: string; readonly message: string };

/** Zipped content may grow to this and no further. */
const CONTENT_LIMIT_BYTES = 512 * 1024 * 1024;

type StreamStand = ReceiptContent['streams'][number];

export async function importBundle(context: PlatformContext, file: unknown): Promise<ImportAnswer> {
  const bundle = parse(CourierBundle, file);
  if (!bundle.ok)
    return refused('courier.damaged', 'This is no bundle of a terminal, or it is damaged. Export it again.');
  const { terminal, fingerprint, sealed, signature } = bundle.value;
  const known = await context.trust.terminals.find({ terminal, fingerprint });
  if (!known) return refused('courier.unknownTerminal', 'No terminal is enrolled here with these keys.');
  if (known.isSuspended) return { ...refused('terminal.suspended', 'This terminal is suspended.'), status: 403 };
  const bytes = Buffer.from(sealed, 'base64');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const text = Buffer.from(bundleText({ terminal, fingerprint }, sha256), 'utf8');
  if (!verify(null, text, known.signingKey, Buffer.from(signature, 'base64')))
    return refused('courier.damaged', 'The bundle was changed on its way. Export it again.');
  const opened = open(context.trust.keyring, bytes);
  if (opened.kind === 'foreignKey')
    return refused('courier.otherPlatform', 'It is sealed to another platform. Take it there.');
  const content = opened.kind === 'opened' ? readContent(opened.content) : undefined;
  if (!content) return refused('courier.damaged', 'What is sealed in it cannot be read. Export it again.');
  const streams = await takeAll(context, terminal, fingerprint, known.signingKey, content);
  return { kind: 'taken', receipt: receiptOf(context, { terminal, bundle: sha256, streams }) };
}

async function takeAll(
  context: PlatformContext,
  terminal: string,
  fingerprint: string,
  key: KeyObject,
  { requests }: CourierContent,
): Promise<readonly StreamStand[]> {
  const stands = new Map<string, StreamStand>();
  const stopped = new Set<string>();
  for (const request of requests) {
    if (stopped.has(request.stream)) continue;
    const stand = await takeOne(context, terminal, fingerprint, key, request);
    if (!stand) continue;
    if (stand.stopped) stopped.add(request.stream);
    const before = stands.get(`${stand.stream}/${stand.incarnation}`);
    const merged = stand.stopped === 'broken' && before ? { ...before, stopped: stand.stopped } : stand;
    stands.set(`${stand.stream}/${stand.incarnation}`, merged);
  }
  return [...stands.values()];
}

/** Undefined for a request that is not the terminal's own: the bundle's signature is good, so that is its own fault. */
async function takeOne(
  context: PlatformContext,
  terminal: string,
  fingerprint: string,
  key: KeyObject,
  request: CarriedRequest,
): Promise<StreamStand | undefined> {
  const { stream, body } = request;
  if (!(await isTheirs(terminal, fingerprint, key, request))) return undefined;
  const batch = parse(BatchRequest, parseJson(body));
  if (!batch.ok) return undefined;
  const { incarnation } = batch.value;
  const answer = await context.ingest.take(terminal, stream, Buffer.from(body, 'utf8'));
  if (!('reply' in answer)) {
    // It says nothing of where the stream stands, so nothing is signed.
    return { stream, incarnation, head: { seq: 0, hash: '0'.repeat(64) }, stopped: 'broken' };
  }
  const { head } = answer.reply;
  const stop = answer.kind === 'accepted' ? {} : { stopped: answer.kind };
  return withCheckpoint(context, terminal, { stream, incarnation, head, ...stop });
}

async function withCheckpoint(
  { trust, clock }: PlatformContext,
  terminal: string,
  stand: StreamStand,
): Promise<StreamStand> {
  const { stream, incarnation, head } = stand;
  return {
    ...stand,
    checkpoint: await signCheckpoint(trust.keyring, { terminal, stream, incarnation, ...head }, clock.wallMs()),
  };
}

async function isTheirs(
  terminal: string,
  fingerprint: string,
  key: KeyObject,
  request: CarriedRequest,
): Promise<boolean> {
  const written = readSignature(request.signatureInput, request.signature);
  const keyId = written && readKeyId(written.keyId);
  if (!written || keyId?.terminal !== terminal || keyId.fingerprint !== fingerprint) return false;
  if (!isBodyOf(request.contentDigest, Buffer.from(request.body, 'utf8'))) return false;
  const url = `/v1/terminals/${encodeURIComponent(terminal)}/streams/${request.stream}/batches`;
  return isSignedWith(key, written, { method: 'POST', url, headers: { 'content-digest': request.contentDigest } });
}

function receiptOf(
  { trust, clock }: PlatformContext,
  told: Omit<ReceiptContent, 'nowMs' | 'streams'> & { readonly streams: readonly StreamStand[] },
): CourierReceipt {
  const content: ReceiptContent = { ...told, streams: [...told.streams], nowMs: clock.wallMs() };
  const body = JSON.stringify(content);
  const { keyId } = trust.keyring.public.signing;
  return { format: 'livelihood-kiosk receipt 1', body, keyId, signature: trust.keyring.sign(receiptText(body)) };
}

function readContent(zipped: Buffer): CourierContent | undefined {
  try {
    const text = gunzipSync(zipped, { maxOutputLength: CONTENT_LIMIT_BYTES }).toString('utf8');
    const content = parse(CourierContent, JSON.parse(text));
    return content.ok ? content.value : undefined;
  } catch {
    return undefined; // not gzip, too large when unpacked, or not JSON
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}

function refused(code: string, message: string): Extract<ImportAnswer, { kind: 'refused' }> {
  return { kind: 'refused', status: 422, code, message };
}
