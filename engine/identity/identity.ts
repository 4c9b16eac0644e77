/**
 * The flow's questions about a card's owner as calls to the platform. Neither number nor name leaves the terminal: the
 * platform is asked by a digest of the card. Templates and pictures pass through memory only.
 */
import { createHash } from 'node:crypto';
import { pause, type Clock } from '../../contract/clock.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { FaceCheckReply, FaceCheckRequest } from '../../contract/platform-api.schema.ts';
import type { FlowIdentity } from '../flow/ports.ts';
import type { IdentityCalls } from '../sync/platform-client.ts';
import type { FaceModel } from './face-model.ts';

/** How often, and how long apart (ms), the end of a finger session is said again while the line is down. */
const END_REPEATS_MS = [2_000, 10_000, 60_000, 300_000];

interface Asked {
  readonly cardKind: string;
  readonly cardNumber: string;
}

export interface IdentityOptions {
  readonly calls: IdentityCalls;
  readonly clock: Clock;
  /** The model on this terminal, once its signature was found good; undefined when there is none. */
  readonly faceModel: () => FaceModel | undefined;
  /** Ends what is still being repeated when the engine closes. */
  readonly signal: AbortSignal;
}

export function createIdentity({ calls, clock, faceModel, signal }: IdentityOptions): FlowIdentity {
  async function sayEnd(request: Parameters<IdentityCalls['fingerEnd']>[0]): Promise<void> {
    for (const waitMs of [...END_REPEATS_MS, 0]) {
      const said = await calls.fingerEnd(request);
      if (said.ok || said.problem.code !== 'platform.offline' || signal.aborted) return;
      await pause(clock, waitMs, signal);
    }
  }
  async function say(
    asked: { subject: string; session: string },
    look: FaceCheckRequest['look'],
  ): Promise<Result<FaceCheckReply['verdict']>> {
    const reply = await calls.faceCheck({ ...asked, look });
    return reply.ok ? ok(reply.value.verdict) : reply;
  }
  async function judge(
    asked: { subject: string; session: string },
    picture: Uint8Array,
  ): Promise<Result<FaceCheckReply['verdict']>> {
    const model = faceModel();
    if (!model) return ok('notOffered');
    const reference = await calls.faceReference({ ...asked, model: model.id });
    if (!reference.ok) return reference;
    if (reference.value.state !== 'open') return ok(reference.value.state === 'paused' ? 'paused' : 'notOffered');
    const known = new Uint8Array(Buffer.from(reference.value.reference, 'base64'));
    const verdict = model.compare(picture, known);
    known.fill(0);
    // A model that stops in the middle has judged nobody.
    return verdict === 'broken' ? ok('notOffered') : say(asked, { seen: 'judged', verdict });
  }
  return {
    openFingerCheck: (owner, session) => calls.fingerOffer(subjectOf(owner, session)),
    async fingerTemplates(owner, session) {
      const got = await calls.fingerTemplates(subjectOf(owner, session));
      if (!got.ok) return got;
      return ok(
        got.value.templates.map(({ finger, template }) => ({
          finger,
          template: new Uint8Array(Buffer.from(template, 'base64')),
        })),
      );
    },
    closeFingerCheck: (owner, session, end) => void sayEnd({ ...subjectOf(owner, session), end }),
    offersFace: (adapter) => adapter === 'remote' || faceModel() !== undefined,
    checkFace(owner, session, look, adapter) {
      const asked = subjectOf(owner, session);
      if (look.seen === 'notLive') return say(asked, look);
      if (adapter === 'on-device') return judge(asked, look.picture);
      return say(asked, { seen: 'face', picture: Buffer.from(look.picture).toString('base64') });
    },
    async checkCode(owner, session, code) {
      const reply = await calls.codeCheck({ ...subjectOf(owner, session), code });
      return reply.ok ? ok(reply.value.verdict) : reply;
    },
  };
}

function subjectOf({ cardKind, cardNumber }: Asked, session: string): { subject: string; session: string } {
  return { subject: createHash('sha256').update(`identity:${cardKind}:${cardNumber}`).digest('hex'), session };
}
