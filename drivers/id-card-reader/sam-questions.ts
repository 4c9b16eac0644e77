/**
 * The questions the driver asks: bytes, patience, and which answers can be meant. Answers carry no number, so each is known
 * by its shape: what belongs to another question is passed over. A module answers in order, so an answer of the right shape
 * to `select` proves that every older answer is already in.
 */
import type { FingerTemplate, IdDocument } from '../../contract/devices/id-card-reader.schema.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import { base64, readFingerTemplates } from './finger-template.codec.ts';
import { readDocument } from './id-document.ts';
import { rawText, trimPadding } from './id-text.codec.ts';
import {
  encodeCommand,
  PHOTO_BYTES,
  readAddresses,
  readBlock,
  readSamId,
  type ReadBlock,
  type SamAnswer,
} from './sam-answer.codec.ts';
import { CARD_FOUND, NO_CARD, NO_CONTENT, OK, SAM_STATUS, type SamStatusClass } from './sam-tables.ts';

export interface Question<Value> {
  readonly frame: Uint8Array;
  readonly timeoutMs: number;
  /** A 30 xx command: some readers want to be left alone after it. */
  readonly isRead: boolean;
  /** A module that answers it as asked is in order. */
  readonly provesHealth: boolean;
  readonly match: (answer: SamAnswer) => Value | undefined;
  /** Classes of status codes that can be an answer to this question. */
  readonly refusals: ReadonlySet<SamStatusClass>;
}

export interface CardContent {
  readonly document: Result<IdDocument>;
  readonly photo: string;
  readonly fingerprints: readonly FingerTemplate[];
  /** For the evidence: how much came. */
  readonly bytes: number;
}

const SHORT_MS = 1_000;
const READ_MS = 3_000;

const MODULE_REFUSALS: readonly SamStatusClass[] = ['samFault', 'variantFault', 'sequence'];
const OF_MODULE: ReadonlySet<SamStatusClass> = new Set(MODULE_REFUSALS);
const OF_CARD: ReadonlySet<SamStatusClass> = new Set([
  ...MODULE_REFUSALS,
  'notGenuine',
  'unknownCard',
  'unreadable',
  'noCard',
] as const);

const SHORT = { timeoutMs: SHORT_MS, isRead: false, provesHealth: false } as const;
const READ = { timeoutMs: READ_MS, isRead: true, provesHealth: true, refusals: OF_CARD } as const;

export const RESET: Question<true> = {
  ...SHORT,
  frame: encodeCommand('reset'),
  match: plainOk,
  refusals: OF_MODULE,
};
/** True when the module is well. */
export const STATUS: Question<true> = {
  ...SHORT,
  frame: encodeCommand('status'),
  provesHealth: true,
  match: plainOk,
  refusals: OF_MODULE,
};
export const SAM_ID: Question<string> = {
  ...SHORT,
  frame: encodeCommand('samId'),
  match: readSamId,
  refusals: OF_MODULE,
};
/** Whether a card lies in the field that has not been read yet. The four bytes of the answer may be anything. */
export const FIND: Question<boolean> = {
  ...SHORT,
  frame: encodeCommand('find'),
  match({ code, data }) {
    if (code === CARD_FOUND && data.length === 4) return true;
    return code === NO_CARD ? false : undefined;
  },
  refusals: new Set([...MODULE_REFUSALS, 'unknownCard'] as const),
};
export const SELECT: Question<true> = {
  ...SHORT,
  frame: encodeCommand('select'),
  match: ({ code, data }) => (code === OK && data.length === 8 ? true : undefined),
  refusals: OF_CARD,
};
export const READ_TEXT: Question<CardContent> = {
  ...READ,
  frame: encodeCommand('readTextAndPhoto'),
  match: (answer) => contentOf(answer, (block) => block.fingerprints === undefined),
};
export const READ_ALL: Question<CardContent> = {
  ...READ,
  frame: encodeCommand('readTextPhotoAndFingerprints'),
  match: (answer) => contentOf(answer, (block) => block.fingerprints !== undefined),
};
/** The newest appended address; empty when there is none. */
export const APPENDED_ADDRESS: Question<string> = {
  ...READ,
  frame: encodeCommand('readAppendedAddress'),
  match(answer) {
    if (answer.code === NO_CONTENT) return '';
    const [newest] = readAddresses(answer) ?? [];
    return newest && trimPadding(rawText(newest));
  },
};

function plainOk({ code, data }: SamAnswer): true | undefined {
  return code === OK && data.length === 0 ? true : undefined;
}

function contentOf(answer: SamAnswer, fits: (block: ReadBlock) => boolean): CardContent | undefined {
  const block = readBlock(answer);
  if (!block || !fits(block) || block.photo.length > PHOTO_BYTES) return undefined;
  return {
    document: readDocument(block.text),
    photo: base64(block.photo),
    fingerprints: readFingerTemplates(block.fingerprints ?? new Uint8Array()).slice(0, 2),
    bytes: answer.data.length,
  };
}

export function statusClass(code: number): SamStatusClass | undefined {
  return SAM_STATUS.get(code)?.class;
}
