/** Packs everything the platform does not have yet into one file for a courier. Nothing changes here by packing it. */
import { gzipSync } from 'node:zlib';
import type { Chance } from '../../contract/clock.ts';
import {
  bundleText,
  type CarriedRequest,
  type CourierBundle,
  type CourierContent,
} from '../../contract/courier.schema.ts';
import type { BatchRequest } from '../../contract/platform-api.schema.ts';
import type { Stream, StreamRecord } from '../../contract/terminal-event.schema.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { signRequest } from '../trust/request-signer.ts';
import { seal } from '../trust/sealing.ts';
import type { TerminalIdentity } from '../trust/terminal-identity.ts';

/** As on the line: what must arrive first goes first. */
const STREAMS: readonly Stream[] = ['ledger', 'audit', 'metrics'];
const BATCH_RECORDS = 500;
const BATCH_BYTES = 512 * 1024;
/** Ten thousand operations of 72 hours fit twenty times; what is beyond goes with the next bundle. */
const STREAM_RECORDS = 200_000;

export type CarriedLedger = Pick<Ledger, 'incarnation' | 'predecessor' | 'outbox'>;

export interface ExportOptions {
  readonly ledger: CarriedLedger;
  readonly identity: TerminalIdentity;
  readonly chance: Chance;
  /** Platform wall time as well as it is known. */
  readonly nowMs: number;
}

export interface PackedBundle {
  readonly bundle: CourierBundle;
  readonly records: number;
}

export async function exportBundle({ ledger, identity, chance, nowMs }: ExportOptions): Promise<PackedBundle> {
  const { provider, terminal, fingerprint } = identity;
  const batches = STREAMS.flatMap((stream) => batchesOf(ledger, stream).map((batch) => ({ stream, batch })));
  const requests: CarriedRequest[] = [];
  for (const { stream, batch } of batches) {
    const body = JSON.stringify(batch);
    const path = streamPath(terminal, stream);
    const { headers } = await signRequest(
      { method: 'POST', path, body: Buffer.from(body, 'utf8') },
      { alg: 'ed25519', keyId: identity.signingKeyId, sign: (text) => identity.sign(text) },
      { provider, chance, nowMs },
    );
    requests.push({
      stream,
      body,
      contentDigest: headers['content-digest'] ?? '',
      signatureInput: headers['signature-input'] ?? '',
      signature: headers['signature'] ?? '',
    });
  }
  const content: CourierContent = { requests };
  const sealer = { provider, chance, key: identity.platform.agreement };
  const sealed = await seal(sealer, gzipSync(JSON.stringify(content)));
  const sha256 = Buffer.from(provider.digest(sealed)).toString('hex');
  const signature = await identity.sign(bundleText({ terminal, fingerprint }, sha256));
  const bundle = {
    format: 'livelihood-kiosk bundle 1',
    terminal,
    fingerprint,
    sealed: sealed.toString('base64'),
    signature,
  } as const;
  return { bundle, records: batches.reduce((sum, { batch }) => sum + batch.records.length, 0) };
}

function streamPath(terminal: string, stream: Stream): string {
  return `/v1/terminals/${encodeURIComponent(terminal)}/streams/${stream}/batches`;
}

function batchesOf({ incarnation, predecessor, outbox }: CarriedLedger, stream: Stream): readonly BatchRequest[] {
  const pending = outbox.pending(STREAM_RECORDS, stream);
  const continued = predecessor(stream);
  let { prevHash } = pending;
  return inBatches(pending.records).map((records, index) => {
    const batch = {
      incarnation,
      ...(index === 0 && continued ? { predecessor: continued } : {}),
      prevHash,
      records: [...records],
    };
    prevHash = records.at(-1)?.hash ?? prevHash;
    return batch;
  });
}

function inBatches(records: readonly StreamRecord[]): readonly (readonly StreamRecord[])[] {
  const batches: StreamRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = JSON.stringify(record).length;
    const last = batches.at(-1);
    const fits = last && last.length < BATCH_RECORDS && bytes + size <= BATCH_BYTES;
    if (fits) last.push(record);
    else batches.push([record]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
}
