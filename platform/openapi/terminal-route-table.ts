/** What terminals call; see `route-table.ts`. */
import Type from 'typebox';
import { DocumentReport, ManifestReply, SignedDocument } from '../../contract/document.schema.ts';
import { EnrolReply, EnrolRequest, KeyRotationReply, KeyRotationRequest } from '../../contract/enrolment.schema.ts';
import {
  BatchReply,
  BatchRequest,
  CodeCheckReply,
  CodeCheckRequest,
  FaceCheckReply,
  FaceCheckRequest,
  FaceReference,
  FaceReferenceRequest,
  FingerEndReply,
  FingerEndRequest,
  FingerOffer,
  FingerOfferRequest,
  FingerTemplates,
  HeartbeatReply,
  HeartbeatRequest,
  ParkingQuote,
  ParkingQuoteRequest,
  TicketBlock,
  TicketBlockRequest,
} from '../../contract/platform-api.schema.ts';
import { PART_MEDIA_TYPE } from '../../contract/attachment.ts';
import type { RouteDescription } from './route.types.ts';

const TERMINAL = '/v1/terminals/:terminal';
const call = { method: 'POST', caller: 'callSignature' } as const;

const UPLOAD = `${TERMINAL}/attachments/:upload`;
const NO_UPLOAD = { 404: ['attachment.unknown'], 412: ['tus.otherVersion'] };

/** tus 1.0: the answers are header fields (`contract/attachment.ts`). */
const ATTACHMENT_ROUTES: readonly RouteDescription[] = [
  {
    method: 'OPTIONS',
    caller: 'callSignature',
    url: `${TERMINAL}/attachments`,
    summary: 'Which tus is spoken, and how large an attachment may be.',
    answers: { 204: 'empty' },
  },
  {
    ...call,
    url: `${TERMINAL}/attachments`,
    summary: 'Begins an upload, or says where the one there is goes on. Upload-Metadata: attachment, sha256.',
    answers: { 201: 'empty' },
    refusals: {
      400: ['attachment.unreadable', 'unreadable'],
      409: ['attachment.otherContent'],
      412: ['tus.otherVersion'],
      413: ['tooLarge'],
      415: ['notJson'],
    },
  },
  {
    method: 'HEAD',
    caller: 'callSignature',
    url: UPLOAD,
    summary: 'How far an upload is; with Repr-Digest when all of it is kept.',
    answers: { 200: 'empty' },
    refusals: NO_UPLOAD,
  },
  {
    method: 'PATCH',
    caller: 'callSignature',
    url: UPLOAD,
    summary: 'The next part, with its Upload-Checksum. 409: it stands elsewhere; 460: what came is not what was sent.',
    file: PART_MEDIA_TYPE,
    answers: { 204: 'empty' },
    refusals: {
      ...NO_UPLOAD,
      400: ['attachment.unreadable'],
      409: ['attachment.otherOffset'],
      415: ['attachment.otherType'],
      460: ['attachment.otherHash'],
    },
  },
];

export const TERMINAL_ROUTES: readonly RouteDescription[] = [
  ...ATTACHMENT_ROUTES,
  {
    method: 'POST',
    url: '/v1/enrol',
    summary:
      'A new machine proves that it was given a code, and is given the platform’s keys. Signed with the keys it brings.',
    caller: 'none',
    body: EnrolRequest,
    answers: { 200: EnrolReply },
    refusals: {
      401: ['signature.wrong'],
      403: ['enrol.wrongCode'],
      409: ['enrol.usedCode'],
      410: ['enrol.expiredCode'],
      429: ['enrol.locked'],
    },
  },
  {
    method: 'POST',
    url: `${TERMINAL}/keys`,
    summary: 'The terminal changes its keys; the older ones are good for a while beside the new.',
    caller: 'batchSignature',
    body: KeyRotationRequest,
    answers: { 200: KeyRotationReply },
    refusals: { 422: ['keys.notProven'] },
  },
  {
    method: 'POST',
    url: `${TERMINAL}/streams/:stream/batches`,
    summary: 'Takes records in, each exactly once. 409 says where the platform stands: a gap or another history.',
    caller: 'batchSignature',
    body: BatchRequest,
    answers: { 200: BatchReply, 409: BatchReply },
    refusals: { 404: ['stream.unknown'], 422: ['batch.broken'] },
  },
  {
    ...call,
    url: `${TERMINAL}/heartbeat`,
    summary:
      'The terminal lives and says how it is; it learns the platform’s time, the queues and what staff ask of it.',
    body: HeartbeatRequest,
    answers: { 200: HeartbeatReply },
  },
  {
    method: 'GET',
    caller: 'callSignature',
    url: `${TERMINAL}/manifest`,
    summary: 'Which documents this terminal should have, signed.',
    answers: { 200: ManifestReply },
  },
  {
    method: 'GET',
    caller: 'callSignature',
    url: `${TERMINAL}/documents/:channel/:version`,
    summary: 'A signed document, for ever the same under its version.',
    answers: { 200: SignedDocument },
    refusals: { 404: ['document.unknown'] },
  },
  {
    ...call,
    url: `${TERMINAL}/document-reports`,
    summary: 'What became of a document at this terminal.',
    body: DocumentReport,
    answers: { 200: Type.Object({ noted: Type.Boolean() }, { additionalProperties: false }) },
  },
  {
    ...call,
    url: `${TERMINAL}/ticket-blocks`,
    summary: 'Leases queue numbers to this terminal alone; the same key gives the same block.',
    body: TicketBlockRequest,
    answers: { 200: TicketBlock },
    refusals: { 404: ['queue.unknown'], 409: ['queue.usedUp'], 422: ['idempotency.keyReused'] },
  },
  {
    ...call,
    url: `${TERMINAL}/parking/quotes`,
    summary: 'Prices an open stay; asking again gives the same quote.',
    body: ParkingQuoteRequest,
    answers: { 200: ParkingQuote },
    refusals: { 409: ['prices.unknown'] },
  },
  {
    ...call,
    url: `${TERMINAL}/identity/finger-offers`,
    summary: 'Which fingers of a card’s owner can be compared.',
    body: FingerOfferRequest,
    answers: { 200: FingerOffer },
  },
  {
    ...call,
    url: `${TERMINAL}/identity/finger-templates`,
    summary: 'Hands the templates out; opens the one attempt of this session.',
    body: FingerOfferRequest,
    answers: { 200: FingerTemplates },
    refusals: { 409: ['finger.notOpen'] },
  },
  {
    ...call,
    url: `${TERMINAL}/identity/finger-ends`,
    summary: 'How the attempt ended.',
    body: FingerEndRequest,
    answers: { 200: FingerEndReply },
  },
  {
    ...call,
    url: `${TERMINAL}/identity/face-checks`,
    summary: 'A picture, or what the terminal’s model said of one. The picture is compared and dropped.',
    body: FaceCheckRequest,
    answers: { 200: FaceCheckReply },
    refusals: { 422: ['face.noPicture'] },
  },
  {
    ...call,
    url: `${TERMINAL}/identity/face-references`,
    summary: 'What the terminal’s model compares with.',
    body: FaceReferenceRequest,
    answers: { 200: FaceReference },
  },
  {
    ...call,
    url: `${TERMINAL}/identity/code-checks`,
    summary: 'The code the owner was sent.',
    body: CodeCheckRequest,
    answers: { 200: CodeCheckReply },
  },
];
