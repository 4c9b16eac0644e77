/**
 * What became of a debit whose answer never came: the same card is back, and says it itself (device-protocols 2.6). Whether a
 * card counts a purchase under the number INITIALIZE gave or the one after it differs (uncertainty 7), so that a proof
 * alone may be of the purchase before: balance and log have to say the same. Where they do not, nobody decides here.
 */
import type { CardPurse } from '../../contract/card-profile.schema.ts';
import type { PurseLogEntry, PursePurchase } from '../../contract/devices/smart-card-reader.schema.ts';
import { done, failed, fail, ok, type Outcome, type Result } from '../../contract/outcome.schema.ts';
import { STATUS } from './apdu.ts';
import type { Dialogue } from './card-dialogue.ts';
import { readLayout } from './card-layout.codec.ts';
import { cardDigest, isoTime, type DebitFacts } from './open-debit.ts';
import { getTransactionProve } from './purse-commands.ts';
import { PROVED } from './purse-layouts.ts';
import { readBalance, readLog } from './purse-reading.ts';

/** The log of every PBOC purse; the profile may name another. */
const LOG_SFI = 0x18;

interface Findings {
  readonly balanceCents: number;
  /** Whether our record is in the log; `empty`: it holds nothing, or the card does not give it away. */
  readonly log: 'ours' | 'others' | 'empty';
  /** TAC of the last purchase, if the card proves one under either number. */
  readonly tac: string | undefined;
}

export interface SettlementSetting {
  readonly card: Dialogue;
  readonly purse: CardPurse;
  readonly trade: string;
  readonly serial: Uint8Array;
  readonly debit: DebitFacts;
}

export async function settle(setting: SettlementSetting): Promise<Outcome<PursePurchase>> {
  const { trade, serial, debit } = setting;
  if (cardDigest(trade, serial) !== debit.card) return failed('purse.torn', 'none', 'another card lies on the reader');
  const findings = await look(setting);
  if (!findings.ok) return failed(findings.problem.code, 'none', findings.problem.detail);
  const state = judge(findings.value, debit);
  if (!state) return failed('purse.torn', 'none', `the card does not say: ${describe(findings.value, debit)}`);
  const { balanceCents, tac = debit.tac } = findings.value;
  return done(
    {
      ...{ state, amountCents: debit.amountCents, balanceCents, terminal: debit.terminal },
      ...{ terminalSequence: debit.terminalSequence, at: isoTime(debit.at) },
      ...(state === 'charged' && tac !== undefined ? { tac } : {}),
    },
    { method: 'pboc.settlement', value: describe(findings.value, debit) },
  );
}

async function look({ card, purse, debit }: SettlementSetting): Promise<Result<Findings>> {
  const balance = await readBalance(card, purse);
  if (!balance.ok) return balance;
  const log = await readLog(card, purse.log?.sfi ?? LOG_SFI);
  if (!log.ok) return log;
  const tac = await prove(card, debit);
  if (!tac.ok) return tac;
  const isLogged = log.value.some((entry) => isOurs(entry, debit));
  return ok({
    balanceCents: balance.value,
    log: isLogged ? 'ours' : log.value.length > 0 ? 'others' : 'empty',
    tac: tac.value,
  });
}

/** A card that knows no GET TRANSACTION PROVE is judged by balance and log. */
async function prove(card: Dialogue, { account, sequence }: DebitFacts): Promise<Result<string | undefined>> {
  for (const number of [sequence, (sequence + 1) & 0xffff]) {
    const answer = await card.ask(getTransactionProve(account, number));
    if (!answer.ok) return answer;
    if (answer.value.status !== STATUS.ok) continue;
    const tac = readLayout(PROVED, answer.value.data)?.['tac'];
    return typeof tac === 'string' ? ok(tac) : fail('card.unreadable', 'GET TRANSACTION PROVE');
  }
  return ok(undefined);
}

function isOurs(entry: PurseLogEntry, debit: DebitFacts): boolean {
  const steps = (entry.sequence - debit.sequence) & 0xffff;
  return (
    entry.type === 'purchase' &&
    (steps === 0 || steps === 1) &&
    entry.amountCents === debit.amountCents &&
    entry.terminal === debit.terminal &&
    entry.at === isoTime(debit.at)
  );
}

/** Undefined when the card contradicts itself or was used elsewhere and has forgotten. */
function judge({ balanceCents, log, tac }: Findings, debit: DebitFacts): PursePurchase['state'] | undefined {
  const isLower = balanceCents === debit.beforeCents - debit.amountCents;
  const isSame = balanceCents === debit.beforeCents;
  // a record with our number, amount, terminal and second is written by nothing else, whatever the card did since
  if (log === 'ours' && !isSame) return 'charged';
  if (log !== 'ours' && isSame) return 'notCharged';
  // with others in the log, the proof under the next number may be another terminal's
  return log === 'empty' && isLower && tac !== undefined ? 'charged' : undefined;
}

function describe({ balanceCents, log, tac }: Findings, debit: DebitFacts): string {
  const moved = debit.beforeCents - balanceCents;
  const balance = moved === 0 ? 'balance the same' : `balance lower by ${moved}`;
  return `${balance}, log ${log}, ${tac === undefined ? 'no proof' : 'proved'}`;
}
