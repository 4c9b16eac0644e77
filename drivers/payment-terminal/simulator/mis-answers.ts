/** What the terminal says of a transaction (device-protocols 5.1, response). */
import { bcd, sealFrame, writeTlv } from './mis-frame.ts';

export interface Transaction {
  readonly kind: 'sale' | 'void';
  /** The four digits of the request, DF04. */
  readonly echo: string;
  readonly amountCents: number;
  /** Six digits. */
  readonly voucher: string;
  readonly wallMs: number;
  readonly approved: boolean;
  /** Given back by a later void. */
  voided: boolean;
}

export interface Answer {
  readonly trade: string;
  readonly echo: string;
  /** DF07, two characters: `00` ok, anything else not. */
  readonly result: string;
  readonly transaction?: Transaction;
  readonly unmaskedPan?: boolean;
}

const TERMINAL = '44011301';
const MERCHANT = '898440100000001';
/** 番禺区测试商户 in GBK. */
const MERCHANT_NAME = Uint8Array.from(Buffer.from('B7ACD8AEC7F8B2E2CAD4C9CCBBA7', 'hex'));
/** Of no card: the issuer digits 620000 are not assigned. */
const PAN = '6200000000000005';
const EXPIRY = bcd('3012', 2);
const ORGANISATION = 'CUP';
const BATCH = '000001';
const CHINA_OFFSET_MS = 8 * 3_600_000;

export function answerFrame(answer: Answer): Uint8Array {
  const fields = [
    writeTlv(0xdf01, Uint8Array.of(0x02)),
    writeTlv(0xdf04, bcd(answer.echo, 2)),
    writeTlv(0xdf02, bcd(answer.trade, 1)),
    writeTlv(0xdf07, ascii(answer.result)),
  ];
  if (answer.transaction) fields.push(writeTlv(0xdf06, details(answer.transaction, answer.unmaskedPan ?? false)));
  return sealFrame(fields);
}

function details(transaction: Transaction, unmaskedPan: boolean): Uint8Array {
  const [date = '', time = ''] = new Date(transaction.wallMs + CHINA_OFFSET_MS)
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, '')
    .split('T');
  const parts = [
    writeTlv(0xdf11, bcd(date, 4)),
    writeTlv(0xdf12, ascii(TERMINAL)),
    writeTlv(0xdf13, ascii(MERCHANT)),
    writeTlv(0xdf45, MERCHANT_NAME),
    writeTlv(0xdf03, ascii(`RMB ${(transaction.amountCents / 100).toFixed(2).padStart(5)}`)),
    writeTlv(0xdf0a, bcd(BATCH, 3)),
    writeTlv(0xdf10, bcd(transaction.voucher, 3)),
    writeTlv(0xdf18, bcd(transaction.voucher, 3)),
    writeTlv(0xdf1a, ascii(time + transaction.voucher)),
    writeTlv(0xdf1c, bcd(date.slice(4), 2)),
    writeTlv(0xdf1d, bcd(time, 3)),
    writeTlv(0xdf1e, ascii(unmaskedPan ? PAN : `${PAN.slice(0, 6)}${'*'.repeat(6)}${PAN.slice(-4)}`)),
    writeTlv(0xdf1f, EXPIRY),
    writeTlv(0xdf2c, ascii(ORGANISATION)),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
