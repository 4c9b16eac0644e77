/** Balance and log of an e-purse (device-protocols 2.4, 2.5). Reading changes nothing. */
import type { CardPurse } from '../../contract/card-profile.schema.ts';
import type { PurseLogEntry } from '../../contract/devices/smart-card-reader.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { describeStatus, readRecord, selectApplication, STATUS } from './apdu.ts';
import type { Dialogue } from './card-dialogue.ts';
import { numberOf, readLayout } from './card-layout.codec.ts';
import { getBalance } from './purse-commands.ts';
import { LOG_RECORD } from './purse-layouts.ts';

const LOG_RECORDS = 10;
const LOG_RECORD_BYTES = 0x17;
/** The top bit of a balance is no part of it. */
export const SIGN_BIT = 0x8000_0000;

const TYPES: Readonly<Record<string, PurseLogEntry['type']>> = {
  '01': 'load',
  '02': 'load',
  '05': 'purchase',
  '06': 'purchase',
  '09': 'compoundPurchase',
};

export interface PurseReading {
  readonly balanceCents: number;
  /** Newest first; none when the profile does not ask for it. */
  readonly log: readonly PurseLogEntry[] | undefined;
}

/** Selects the application of the purse where it is not the one the card was read from. */
export async function selectPurse(dialogue: Dialogue, { select }: CardPurse): Promise<Result<null>> {
  if (select === undefined) return ok(null);
  const answer = await dialogue.ask(selectApplication(Uint8Array.from(Buffer.from(select, 'hex'))));
  if (!answer.ok) return answer;
  const { status } = answer.value;
  return status === STATUS.ok ? ok(null) : fail('card.unreadable', `purse: ${describeStatus(status)}`);
}

/** Fails with `card.unreadable` when the card has no such purse, or with what the wire fails with. */
export async function readPurse(dialogue: Dialogue, purse: CardPurse): Promise<Result<PurseReading>> {
  const balance = await readBalance(dialogue, purse);
  if (!balance.ok) return balance;
  if (!purse.log) return ok({ balanceCents: balance.value, log: undefined });
  const log = await readLog(dialogue, purse.log.sfi);
  return log.ok ? ok({ balanceCents: balance.value, log: log.value }) : log;
}

export async function readBalance(dialogue: Dialogue, { account }: CardPurse): Promise<Result<number>> {
  const answer = await dialogue.ask(getBalance(account));
  if (!answer.ok) return answer;
  const { status, data } = answer.value;
  if (status !== STATUS.ok || data.length !== 4) return fail('card.unreadable', `balance: ${describeStatus(status)}`);
  return ok(numberOf(data) % SIGN_BIT);
}

/** Up to ten records; ends at the first that the card does not have. Slots never written (all FF, all 00) are skipped. */
export async function readLog(dialogue: Dialogue, sfi: number): Promise<Result<readonly PurseLogEntry[]>> {
  const entries: PurseLogEntry[] = [];
  for (let record = 1; record <= LOG_RECORDS; record += 1) {
    const answer = await dialogue.ask(readRecord(sfi, record, LOG_RECORD_BYTES));
    if (!answer.ok) return answer;
    if (answer.value.status !== STATUS.ok) break;
    const entry = logEntry(answer.value.data);
    if (entry) entries.push(entry);
  }
  return ok(entries);
}

function logEntry(data: Uint8Array): PurseLogEntry | undefined {
  const isEmpty = data.every((byte) => byte === 0xff) || data.every((byte) => byte === 0x00);
  const fields = isEmpty ? undefined : readLayout(LOG_RECORD, data);
  if (!fields) return undefined;
  const { sequence, amountCents, type, terminal, date, time } = fields;
  if (typeof sequence !== 'number' || typeof amountCents !== 'number' || typeof terminal !== 'string') return undefined;
  const kind = typeof type === 'string' ? TYPES[type] : undefined;
  const entry = { type: kind ?? 'other', amountCents, terminal, sequence };
  const hasTime = typeof date === 'string' && typeof time === 'string';
  return hasTime ? { ...entry, at: `${date}T${time}` } : entry;
}
