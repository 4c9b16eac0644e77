/** A debit whose end nobody saw, as the one line that settles it later (`OpenDebit`). It names the card by a digest. */
import { createHash } from 'node:crypto';
import { hexOf } from './card-layout.codec.ts';
import type { Account } from './purse-commands.ts';

export interface DebitFacts {
  /** Digest of trade and card serial. */
  readonly card: string;
  readonly account: Account;
  /** As INITIALIZE gave it. */
  readonly sequence: number;
  readonly beforeCents: number;
  readonly amountCents: number;
  /** Six bytes, hex. */
  readonly terminal: string;
  readonly terminalSequence: string;
  /** `YYYYMMDDhhmmss`, the card's own time. */
  readonly at: string;
  /** Known when the card had answered and only what came after is not. */
  readonly tac?: string;
}

const LINE =
  /^card=([0-9a-f]{16}) account=([12]) seq=([0-9A-F]{4}) before=(\d+) amount=(\d+) terminal=([0-9A-F]{12}) terminalSeq=([0-9A-F]{8}) at=(\d{14})(?: tac=([0-9A-F]{8}))?$/;

/** The same card and trade give the same digest; another trade gives another, so that it is no number of the card. */
export function cardDigest(trade: string, serial: Uint8Array): string {
  return createHash('sha256')
    .update(`purse:${trade}:${hexOf(serial)}`)
    .digest('hex')
    .slice(0, 16);
}

export function writeOpenDebit(debit: DebitFacts): string {
  const { card, account, sequence, beforeCents, amountCents, terminal, terminalSequence, at, tac } = debit;
  const seq = sequence.toString(16).toUpperCase().padStart(4, '0');
  const line = `card=${card} account=${account} seq=${seq} before=${beforeCents} amount=${amountCents}`;
  return `${line} terminal=${terminal} terminalSeq=${terminalSequence} at=${at}${tac === undefined ? '' : ` tac=${tac}`}`;
}

export function readOpenDebit(line: string): DebitFacts | undefined {
  const [, card, account, seq, before, amount, terminal, terminalSequence, at, tac] = LINE.exec(line) ?? [];
  if (
    card === undefined ||
    seq === undefined ||
    terminal === undefined ||
    terminalSequence === undefined ||
    at === undefined
  )
    return undefined;
  return {
    ...{ card, account: account === '1' ? 1 : 2, sequence: Number.parseInt(seq, 16), terminal, terminalSequence, at },
    ...{ beforeCents: Number(before), amountCents: Number(amount) },
    ...(tac === undefined ? {} : { tac }),
  };
}

/** `20240501083015` to `2024-05-01T08:30:15`. */
export function isoTime(at: string): string {
  return at.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6');
}
