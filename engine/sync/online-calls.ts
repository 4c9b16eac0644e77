/**
 * Every question to the platform that somebody waits for: where it goes, how long it may take, and what the resident is
 * told while the line is cut. A call without a declared fallback, or with one its class does not allow, does not compile
 * (money-and-sync 0.9, 1.4). Whether a service works, waits or stops offline follows from this table.
 */
import type { Static, TSchema } from 'typebox';
import {
  CodeCheckReply,
  FaceCheckReply,
  FaceReference,
  FingerEndReply,
  FingerOffer,
  FingerTemplates,
  ParkingQuote,
  TicketBlock,
} from '../../contract/platform-api.schema.ts';

/**
 * `read`: nothing changes; tried once more within its deadline when the line breaks early. `command`: asked again by the
 * same key, never blindly. `money`: only ever queried again.
 */
export type CallClass = 'read' | 'command' | 'money';

/** Whose failure it is: a dead upstream closes its own calls and no others. */
export type Upstream = 'platform' | 'parking' | 'identity';

type FallbackOf = {
  readonly read:
    /** Shown as it was heard last, with its time. */
    | 'lastKnown'
    /** Another way that needs no line is offered in its place. */
    | 'otherWay'
    /** Said before anyone starts; nothing is guessed. */
    | 'notAvailable';
  readonly command:
    /** Taken by this machine with a slip "kept here, not received yet"; goes up by the outbox. */
    | 'acceptedHere'
    /** Works from stock until that is used up. */
    | 'fromStock'
    | 'otherWay';
  readonly money: 'notOffered';
};

/** What happens with the line cut; each class allows its own. */
export type OfflineFallback = FallbackOf[CallClass];

interface CallOf<Class extends CallClass> {
  readonly class: Class;
  readonly upstream: Upstream;
  /** Below `/v1/terminals/{terminal}/`. */
  readonly path: string;
  readonly reply: TSchema;
  readonly offline: FallbackOf[Class];
  /** Longer than the class gives: what is compared there takes its time. */
  readonly deadlineMs?: number;
}

export type OnlineCall = { [Class in CallClass]: CallOf<Class> }[CallClass];

/** ms. A poll of money has its own pace in the effect that asks. */
export const CLASS_DEADLINE_MS: Readonly<Record<CallClass, number>> = { read: 4_000, command: 8_000, money: 10_000 };
export const CLASS_RETRIES: Readonly<Record<CallClass, number>> = { read: 1, command: 0, money: 0 };

export const ONLINE_CALLS = {
  ticketBlock: {
    class: 'command',
    upstream: 'platform',
    path: 'ticket-blocks',
    reply: TicketBlock,
    offline: 'fromStock',
    deadlineMs: 10_000,
  },
  parkingQuote: {
    class: 'read',
    upstream: 'parking',
    path: 'parking/quotes',
    reply: ParkingQuote,
    offline: 'notAvailable',
  },
  fingerOffer: {
    class: 'read',
    upstream: 'identity',
    path: 'identity/finger-offers',
    reply: FingerOffer,
    offline: 'otherWay',
  },
  /** Opens the session's one attempt: no read. */
  fingerTemplates: {
    class: 'command',
    upstream: 'identity',
    path: 'identity/finger-templates',
    reply: FingerTemplates,
    offline: 'otherWay',
    deadlineMs: 4_000,
  },
  fingerEnd: {
    class: 'command',
    upstream: 'identity',
    path: 'identity/finger-ends',
    reply: FingerEndReply,
    offline: 'otherWay',
    deadlineMs: 4_000,
  },
  faceCheck: {
    class: 'command',
    upstream: 'identity',
    path: 'identity/face-checks',
    reply: FaceCheckReply,
    offline: 'otherWay',
    deadlineMs: 10_000,
  },
  faceReference: {
    class: 'read',
    upstream: 'identity',
    path: 'identity/face-references',
    reply: FaceReference,
    offline: 'otherWay',
  },
  codeCheck: {
    class: 'command',
    upstream: 'identity',
    path: 'identity/code-checks',
    reply: CodeCheckReply,
    offline: 'otherWay',
    deadlineMs: 4_000,
  },
} as const satisfies Readonly<Record<string, OnlineCall>>;

export type CallName = keyof typeof ONLINE_CALLS;
export type CallReply<Name extends CallName> = Static<(typeof ONLINE_CALLS)[Name]['reply']>;

export function deadlineOf(call: OnlineCall): number {
  return call.deadlineMs ?? CLASS_DEADLINE_MS[call.class];
}
