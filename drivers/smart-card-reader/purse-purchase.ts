/**
 * One purchase from the purse on a card (device-protocols 2.5, 2.6). Up to DEBIT nothing has happened; DEBIT is said once;
 * what comes after its first byte without a plain answer is `unknown`, with all it takes to settle it (`purse-settlement.ts`).
 */
import type { CardPurse } from '../../contract/card-profile.schema.ts';
import type { PursePurchase } from '../../contract/devices/smart-card-reader.schema.ts';
import { done, failed, unknown, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import { describeStatus, STATUS, type CardAnswer } from './apdu.ts';
import type { Dialogue } from './card-dialogue.ts';
import { hexOf, numberOf, readLayout } from './card-layout.codec.ts';
import { cardDigest, isoTime, writeOpenDebit, type DebitFacts } from './open-debit.ts';
import type { Psam } from './psam.ts';
import { debitForPurchase, getTransactionProve, initializeForPurchase, purchaseType } from './purse-commands.ts';
import { DEBITED, PROVED, PURCHASE_INITIALIZED } from './purse-layouts.ts';
import { readBalance, SIGN_BIT } from './purse-reading.ts';

export interface PurchaseSetting {
  readonly card: Dialogue;
  readonly psam: Psam;
  readonly purse: CardPurse;
  readonly keyIndex: number;
  /** Directory of the purse on the PSAM, and the area diversifier where it wants one. */
  readonly psamDirectory: string;
  readonly area: string | undefined;
  readonly trade: string;
  readonly amountCents: number;
  /** Application serial, ten bytes. */
  readonly serial: Uint8Array;
  /** `YYYYMMDDhhmmss` on the card's clocks. */
  readonly at: string;
  /** Called when the card has answered DEBIT: it may be lifted. */
  readonly cardIsFree: () => void;
}

interface Initialized {
  readonly terminal: string;
  readonly beforeCents: number;
  readonly sequence: number;
  readonly keyVersion: number;
  readonly algorithm: number;
  readonly random: string;
}

type Step<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly outcome: Outcome<never> };

/** Serial that goes into the PSAM's keys: the last eight bytes of the application serial. */
const SERIAL_BYTES = 8;
const DATE = /^(....)(..)(..)/;
const TIME = /(..)(..)(..)$/;

export async function purchase(setting: PurchaseSetting): Promise<Outcome<PursePurchase>> {
  const begun = await initialize(setting);
  if (!begun.ok) return begun.outcome;
  const signed = await setting.psam.makeMac1(samData(setting, begun.value));
  if (!signed.ok) return nothingHappened(signed.problem);
  const { terminalSequence, mac1 } = signed.value;
  const facts: DebitFacts = {
    ...{ card: cardDigest(setting.trade, setting.serial), account: setting.purse.account, at: setting.at },
    ...{ sequence: begun.value.sequence, beforeCents: begun.value.beforeCents, amountCents: setting.amountCents },
    ...{ terminal: begun.value.terminal, terminalSequence },
  };
  const debited = await debit(setting, facts, mac1);
  setting.cardIsFree();
  if (!debited.ok) return debited.outcome;
  return confirm(setting, { ...facts, tac: debited.value.tac }, debited.value);
}

async function initialize(setting: PurchaseSetting): Promise<Step<Initialized>> {
  const { card, psam, purse, amountCents, keyIndex, psamDirectory } = setting;
  const terminal = await psam.terminal();
  if (!terminal.ok) return stop(nothingHappened(terminal.problem));
  const selected = await psam.select(psamDirectory);
  if (!selected.ok) return stop(nothingHappened(selected.problem));
  const balance = await readBalance(card, purse);
  if (!balance.ok) return stop(nothingHappened(balance.problem));
  const data = { keyIndex, amountCents, terminal: terminal.value };
  const answer = await card.act(initializeForPurchase(purse.account, data));
  if (!answer.ok) return stop(nothingHappened(answer.problem));
  if (answer.value.status !== STATUS.ok) return stop(refusedByCard('INITIALIZE', answer.value));
  const initialized = initializedOf(answer.value.data, terminal.value);
  if (!initialized) return stop(failed('card.unreadable', 'none', 'INITIALIZE'));
  // two answers about one purse: a settlement later would count from the wrong one
  if (initialized.beforeCents !== balance.value) return stop(failed('card.unreadable', 'none', 'two balances'));
  return { ok: true, value: initialized };
}

function initializedOf(data: Uint8Array, terminal: string): Initialized | undefined {
  const { offlineSequence, keyVersion, algorithm, random } = readLayout(PURCHASE_INITIALIZED, data) ?? {};
  if (typeof offlineSequence !== 'number' || typeof random !== 'string') return undefined;
  if (typeof keyVersion !== 'number' || typeof algorithm !== 'number') return undefined;
  const beforeCents = numberOf(data.slice(0, 4)) % SIGN_BIT;
  return { terminal, beforeCents, sequence: offlineSequence, keyVersion, algorithm, random };
}

function samData(setting: PurchaseSetting, { random, sequence, keyVersion, algorithm }: Initialized) {
  const { amountCents, purse, at, area, serial } = setting;
  return {
    ...{ random, cardSequence: sequence, amountCents, keyVersion, algorithm, ...dateAndTime(at) },
    type: hexOf(Uint8Array.of(purchaseType(purse.account))),
    cardSerial: hexOf(serial.slice(-SERIAL_BYTES)),
    ...(area === undefined ? {} : { area }),
  };
}

/** The physical act: said once, whatever comes back. */
async function debit(
  { card, at }: PurchaseSetting,
  facts: DebitFacts,
  mac1: string,
): Promise<Step<{ readonly tac: string; readonly mac2: string }>> {
  const { terminalSequence } = facts;
  const answer = await card.act(debitForPurchase({ terminalSequence, mac1, ...dateAndTime(at) }));
  if (!answer.ok) return stop(torn(facts, answer.problem.code));
  const { status, data } = answer.value;
  const { tac, mac2 } = readLayout(DEBITED, data) ?? {};
  if (status === STATUS.ok && typeof tac === 'string' && typeof mac2 === 'string')
    return { ok: true, value: { tac, mac2 } };
  const isRefusal = data.length === 0 && isError(status);
  return stop(isRefusal ? refusedByCard('DEBIT', answer.value) : torn(facts, `DEBIT: ${describeStatus(status)}`));
}

/** The card has paid. The PSAM says whether it was a real card. */
async function confirm(
  setting: PurchaseSetting,
  facts: DebitFacts,
  { tac, mac2 }: { readonly tac: string; readonly mac2: string },
): Promise<Outcome<PursePurchase>> {
  if (!setting.card.isChecked && !(await isSameTac(setting, facts, tac)))
    return torn(facts, 'the TAC could not be confirmed');
  const checked = await setting.psam.checkMac2(mac2);
  if (!checked.ok) {
    const { code, detail } = checked.problem;
    if (code !== 'purse.refused') return torn(facts, `MAC2 unchecked: ${code}`);
    return failed(code, 'partial', `${detail ?? ''}; the card has paid: ${writeOpenDebit(facts)}`);
  }
  return done(
    {
      ...{ state: 'charged', amountCents: facts.amountCents, balanceCents: facts.beforeCents - facts.amountCents },
      ...{ terminal: facts.terminal, terminalSequence: facts.terminalSequence, at: isoTime(facts.at), tac },
    },
    { method: 'pboc.mac2', value: `checked by PSAM ${facts.terminal}, ${writeOpenDebit(facts)}`.slice(0, 200) },
  );
}

/** On a wire that protects nothing the receipt is asked for once more, by the number INITIALIZE gave or the one after it. */
async function isSameTac({ card }: PurchaseSetting, { account, sequence }: DebitFacts, tac: string): Promise<boolean> {
  for (const number of [sequence, (sequence + 1) & 0xffff]) {
    const answer = await card.ask(getTransactionProve(account, number));
    if (!answer.ok) return false;
    if (answer.value.status === STATUS.ok && readLayout(PROVED, answer.value.data)?.['tac'] === tac) return true;
  }
  return false;
}

/** Warnings and words that promise data are no refusal; what they mean behind a DEBIT nobody knows. */
function isError(status: number): boolean {
  const sw1 = status >> 8;
  return (sw1 >= 0x64 && sw1 !== 0x6c && sw1 < 0x70) || sw1 === 0x93 || sw1 === 0x94;
}

function refusedByCard(what: string, { status }: CardAnswer): Outcome<never> {
  if (status === STATUS.insufficient) return failed('purse.insufficient', 'none');
  return failed('purse.refused', 'none', `card, ${what}: ${describeStatus(status)}`);
}

function nothingHappened({ code, detail }: Problem): Outcome<never> {
  return failed(code, 'none', detail);
}

function torn(facts: DebitFacts, why: string): Outcome<never> {
  return unknown('purse.torn', why, { method: 'purse.openDebit', value: writeOpenDebit(facts) });
}

function stop(outcome: Outcome<never>): { readonly ok: false; readonly outcome: Outcome<never> } {
  return { ok: false, outcome };
}

function dateAndTime(at: string): { readonly date: string; readonly time: string } {
  const [, year, month, day] = DATE.exec(at) ?? [];
  const [, hour, minute, second] = TIME.exec(at) ?? [];
  return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}:${second}` };
}
