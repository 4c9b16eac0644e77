/**
 * The requests a terminal sends to its acquirer, and the reversal of each (device-protocols 5.4, 5.5). Card fields are given
 * by whoever holds the card; this kiosk holds none and would send scanned payment codes only.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { ecbMac } from './iso8583-mac.ts';
import { encodeIso, MAC_FIELD, macInputOf, type IsoMessage } from './iso8583.codec.ts';

export interface IsoSite {
  /** Ten hex digits. */
  readonly tpdu: string;
  /** Twelve hex digits. */
  readonly header: string;
  readonly terminal: string;
  readonly merchant: string;
  /** Six digits. */
  readonly batch: string;
  /** 8 or 16 bytes; sign-in goes without. */
  readonly macKey?: Uint8Array;
}

/** 39 of a reversal: why (5.5). */
export const REVERSAL_REASONS = { noResponse: '98', terminalFailure: '96', wrongMac: 'A0', other: '06' } as const;
export type ReversalReason = keyof typeof REVERSAL_REASONS;

export type IsoTransaction = 'sale' | 'void' | 'refund' | 'balance';

interface Row {
  readonly mti: string;
  readonly processingCode: string;
  /** 60.1. */
  readonly type: string;
}

const TRANSACTIONS: Readonly<Record<IsoTransaction, Row>> = {
  sale: { mti: '0200', processingCode: '000000', type: '22' },
  void: { mti: '0200', processingCode: '200000', type: '23' },
  refund: { mti: '0220', processingCode: '200000', type: '25' },
  balance: { mti: '0200', processingCode: '310000', type: '01' },
};
const NORMAL = '00';
const YUAN = '156';
const NEVER = '000000';
/** 60.3 to 60.5 of the worked messages: network 000, terminal reads chips, no fallback. */
const TERMINAL_CAPABILITY = '000500';

export interface IsoOrder {
  /** Six digits, one for each transaction of a batch. */
  readonly trace: string;
  /** Absent for a balance. */
  readonly amountCents?: number;
  /** Three digits, field 22: 03x for a scanned code. */
  readonly entryMode: string;
  /** Fields 2, 14, 23, 35, 52, 53 and 55 as the card gave them, and 62 or others an acquirer wants. */
  readonly more?: ReadonlyMap<number, string>;
  /** Of the sale that is given back. */
  readonly original?: {
    readonly reference: string;
    readonly authorisation?: string;
    readonly batch: string;
    readonly trace: string;
    /** MMDD; a refund names it. */
    readonly date?: string;
  };
}

/** `kiosk.badMessage` when a trace or field cannot be. */
export function transactionMessage(site: IsoSite, kind: IsoTransaction, order: IsoOrder): Result<IsoMessage> {
  const { mti, processingCode, type } = TRANSACTIONS[kind];
  const { trace, amountCents, entryMode, original } = order;
  if (trace === NEVER) return fail('kiosk.badMessage', 'a trace is never 000000');
  const fields = new Map<number, string>(order.more)
    .set(3, processingCode)
    .set(11, trace)
    .set(22, entryMode)
    .set(25, NORMAL)
    .set(41, site.terminal)
    .set(42, site.merchant)
    .set(49, YUAN)
    .set(60, `${type}${site.batch}${TERMINAL_CAPABILITY}`);
  if (amountCents !== undefined) fields.set(4, String(amountCents).padStart(12, '0'));
  if (original) {
    fields.set(37, original.reference).set(61, `${original.batch}${original.trace}${original.date ?? ''}`);
    if (original.authorisation !== undefined) fields.set(38, original.authorisation);
  }
  return sealed(site, { tpdu: site.tpdu, header: site.header, mti, fields });
}

/** Fields that a reversal repeats from its original, the trace among them (5.5). */
const REPEATED = [2, 3, 4, 11, 14, 22, 23, 25, 41, 42, 49, 60];

/** The same bytes however often it is made: a reversal that timed out is repeated unchanged. */
export function reversalOf(site: IsoSite, original: IsoMessage, reason: ReversalReason): Result<IsoMessage> {
  const fields = new Map([...original.fields].filter(([number]) => REPEATED.includes(number)));
  fields.set(39, REVERSAL_REASONS[reason]);
  return sealed(site, { tpdu: site.tpdu, header: site.header, mti: '0400', fields });
}

/** Asks for the working keys; they come in field 62 and there is no MAC yet. */
export function signInMessage(site: IsoSite, trace: string, operator: string): Result<IsoMessage> {
  return administrative(site, '0800', trace, new Map([[63, operator]]));
}

/** `totals`: field 48, digits, as the acquirer lays them out. */
export function settlementMessage(site: IsoSite, trace: string, operator: string, totals: string): Result<IsoMessage> {
  return administrative(
    site,
    '0500',
    trace,
    new Map([
      [48, totals],
      [49, YUAN],
      [63, operator],
    ]),
  );
}

function administrative(
  site: IsoSite,
  mti: string,
  trace: string,
  more: ReadonlyMap<number, string>,
): Result<IsoMessage> {
  if (trace === NEVER) return fail('kiosk.badMessage', 'a trace is never 000000');
  const fields = new Map(more)
    .set(11, trace)
    .set(41, site.terminal)
    .set(42, site.merchant)
    .set(60, `00${site.batch}000`);
  return ok({ tpdu: site.tpdu, header: site.header, mti, fields });
}

/** The message with its MAC, where the site has a key. */
export function sealed(site: IsoSite, message: IsoMessage): Result<IsoMessage> {
  const { macKey } = site;
  if (!macKey) return ok(message);
  const fields = new Map(message.fields).set(MAC_FIELD, '00000000');
  const bytes = encodeIso({ ...message, fields });
  if (!bytes.ok) return bytes;
  const input = macInputOf(bytes.value);
  if (!input) return fail('kiosk.badMessage', 'a message without room for its MAC');
  return ok({ ...message, fields: fields.set(MAC_FIELD, ecbMac(input, macKey)) });
}

/** Whether the MAC of a whole message is that of the key; undefined when it has none. */
export function isMacRight(bytes: Uint8Array, macKey: Uint8Array): boolean | undefined {
  const input = macInputOf(bytes);
  return input && Buffer.from(bytes.subarray(-8)).toString('latin1') === ecbMac(input, macKey);
}
