/**
 * Attachments on their way up, by tus 1.0 (money-and-sync 1.5): one step of one attachment at a time. Where each stands is
 * written in our own database, so that another life of the program goes on from there; the platform is asked (HEAD) whenever
 * an answer was lost. An attachment counts as stored only when the platform has said the hash of what it keeps.
 */
import { PART_BYTES, PART_MEDIA_TYPE, TUS_VERSION, uploadChecksum, uploadMetadata } from '../../contract/attachment.ts';
import { contentDigest } from '../../contract/http-signature.ts';
import { fail, ok, problem, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { Attachment, AttachmentStore } from '../ledger/attachments.ts';
import { exchangeSigned, type SignedAnswer, type SignedCall, type SignedExchangeOptions } from './signed-exchange.ts';
import type { AttachmentLane } from './uplink.ts';

export interface AttachmentLaneOptions extends SignedExchangeOptions {
  readonly store: AttachmentStore;
  /** Hears of one whose file is not what was put. */
  readonly onLost: (problem: Problem) => void;
}

/** Parts are smaller on a line that does not carry them in time. */
const SMALLEST_PART_BYTES = 16 * 1024;
const ASK_DEADLINE_MS = 10_000;
const PART_DEADLINE_MS = 15_000;
const WHOLE_NUMBER = /^\d{1,12}$/;

export function createAttachmentLane(options: AttachmentLaneOptions): AttachmentLane {
  return new TusLane(options);
}

class TusLane implements AttachmentLane {
  readonly #options: AttachmentLaneOptions;
  /** The one of which the platform's offset is known for sure. */
  #sure: string | undefined;
  #partBytes = PART_BYTES;
  /** Those that were refused let the others go first. */
  readonly #behind = new Set<string>();
  /** Begun anew, and no part was taken since: a second time it rests. */
  readonly #begunAnew = new Set<string>();

  constructor(options: AttachmentLaneOptions) {
    this.#options = options;
  }

  waiting(): number {
    return this.#options.store.waiting();
  }

  async sendPart(): Promise<Result<unknown>> {
    const next = this.#next();
    if (!next) return ok(undefined);
    const step = await this.#step(next);
    if (step.ok) return step;
    this.#sure = undefined;
    if (step.problem.code !== 'platform.offline') this.#behind.add(next.id);
    return step;
  }

  #next(): Attachment | undefined {
    const all = this.#options.store.unsent();
    const next = all.find(({ id }) => !this.#behind.has(id));
    if (!next) this.#behind.clear();
    return next ?? all[0];
  }

  #step(next: Attachment): Promise<Result<unknown>> {
    const { uploadUrl } = next;
    if (uploadUrl === undefined) return this.#create(next);
    return this.#sure === next.id ? this.#send(next, uploadUrl) : this.#ask(next, uploadUrl);
  }

  async #create({ id, sha256, sizeBytes }: Attachment): Promise<Result<unknown>> {
    const path = `/v1/terminals/${encodeURIComponent(this.#options.identity.terminal)}/attachments`;
    const about = { 'upload-length': String(sizeBytes), 'upload-metadata': uploadMetadata({ attachment: id, sha256 }) };
    const answer = await this.#call({ method: 'POST', path, headers: about, deadlineMs: ASK_DEADLINE_MS });
    if (!answer.ok) return answer;
    const { status, headers } = answer.value;
    if (status !== 201) return refused(answer.value);
    const location = headers.get('location');
    // our own stored address is asked later on: it must be one of this platform, and ours
    if (!location?.startsWith(`${path}/`)) return fail('platform.badAnswer', 'no address for an upload');
    return this.#options.store.moved(id, location, 0);
  }

  async #ask(next: Attachment, uploadUrl: string): Promise<Result<unknown>> {
    const answer = await this.#call({ method: 'HEAD', path: uploadUrl, deadlineMs: ASK_DEADLINE_MS });
    if (!answer.ok) return answer;
    const { status, headers } = answer.value;
    if (isGone(status)) return this.#beginAnew(next);
    if (status !== 200) return refused(answer.value);
    const offsetBytes = offsetIn(headers);
    if (offsetBytes === undefined || offsetBytes > next.sizeBytes)
      return fail('platform.badAnswer', 'an offset beyond the end');
    if (offsetBytes === next.sizeBytes) return this.#finish(next, headers.get('repr-digest'));
    const moved = this.#options.store.moved(next.id, uploadUrl, offsetBytes);
    if (moved.ok) this.#sure = next.id;
    return moved;
  }

  async #send(next: Attachment, uploadUrl: string): Promise<Result<unknown>> {
    const { store, identity } = this.#options;
    const bytes = store.readPart(next.id, next.offsetBytes, this.#partBytes);
    if (!bytes) return store.isWhole(next.id) ? fail('ledger.unsafe', 'attachment not readable') : this.#giveUp(next);
    const checksum = uploadChecksum(Buffer.from(identity.provider.digest(bytes)).toString('base64'));
    const headers = {
      'content-type': PART_MEDIA_TYPE,
      'upload-offset': String(next.offsetBytes),
      'upload-checksum': checksum,
    };
    const call = { method: 'PATCH', path: uploadUrl, headers, bytes, deadlineMs: PART_DEADLINE_MS } as const;
    const answer = await this.#call(call);
    if (!answer.ok) {
      this.#partBytes = Math.max(SMALLEST_PART_BYTES, this.#partBytes / 2);
      return answer;
    }
    const { status } = answer.value;
    if (isGone(status)) return this.#beginAnew(next);
    // either on the way, or on the disk
    if (status === 460 && !store.isWhole(next.id)) return this.#giveUp(next);
    if (status !== 204) return refused(answer.value);
    const offsetBytes = next.offsetBytes + bytes.length;
    if (offsetIn(answer.value.headers) !== offsetBytes) return fail('platform.badAnswer', 'another offset than sent');
    this.#partBytes = Math.min(PART_BYTES, this.#partBytes * 2);
    this.#begunAnew.delete(next.id);
    // the last word on the whole is that of HEAD
    if (offsetBytes === next.sizeBytes) this.#sure = undefined;
    return store.moved(next.id, uploadUrl, offsetBytes);
  }

  #finish(next: Attachment, digest: string | null): Result<unknown> {
    if (digest === contentDigest(Buffer.from(next.sha256, 'hex').toString('base64'))) {
      this.#begunAnew.delete(next.id);
      return this.#options.store.stored(next.id);
    }
    const again = this.#options.store.restart(next.id);
    return again.ok ? fail('platform.badAnswer', `attachment ${next.id}: another hash is stored`) : again;
  }

  #beginAnew({ id }: Attachment): Result<unknown> {
    this.#sure = undefined;
    const again = this.#options.store.restart(id);
    if (!again.ok || !this.#begunAnew.has(id)) {
      this.#begunAnew.add(id);
      return again;
    }
    return fail('platform.refused', `attachment ${id}: its upload is gone again`);
  }

  #giveUp({ id }: Attachment): Result<unknown> {
    this.#options.onLost(problem('ledger.corrupt', `attachment ${id} is not what was written`));
    return this.#options.store.giveUp(id);
  }

  #call(call: Omit<SignedCall, 'alg' | 'body'>): Promise<Result<SignedAnswer>> {
    const headers = { ...call.headers, 'tus-resumable': TUS_VERSION };
    return exchangeSigned(this.#options, { ...call, headers, alg: 'hmac-sha256' });
  }
}

function isGone(status: number): boolean {
  return status === 404 || status === 410;
}

function refused({ status }: SignedAnswer): Result<never> {
  return fail('platform.refused', `attachment: ${status}`);
}

function offsetIn(headers: Headers): number | undefined {
  const text = headers.get('upload-offset') ?? '';
  return WHOLE_NUMBER.test(text) ? Number(text) : undefined;
}
