/** The terminal's own reading and writing of the DLL's strings (device-protocols 5.2). */
export interface DllCall {
  readonly type: string;
  readonly amountCents: number;
  readonly voucher: string;
  readonly echo: string;
}

export interface DllSale {
  /** Six digits; empty where there is none. */
  readonly voucher: string;
  readonly amountCents: number;
  readonly approved: boolean;
  voided: boolean;
  readonly wallMs: number;
}

/** 交易成功 and 交易失败 in GBK. */
const SUCCESS = Uint8Array.from(Buffer.from('BDBBD2D7B3C9B9A6', 'hex'));
const FAILURE = Uint8Array.from(Buffer.from('BDBBD2D7CAA7B0DC', 'hex'));
const MESSAGE_BYTES = 40;
/** Of no card: the issuer digits 620000 are not assigned. */
const CARD = '6200000000000005';
const CHINA_OFFSET_MS = 8 * 3_600_000;

const NOTHING_SOLD: DllSale = { voucher: '', amountCents: 0, approved: false, voided: false, wallMs: 0 };

/** Undefined when it is no call of the table. */
export function readCall(text: Uint8Array): DllCall | undefined {
  const at = (offset: number, width: number) => Buffer.from(text.subarray(offset, offset + width)).toString('latin1');
  const type = at(16, 2);
  const amount = at(18, 12);
  if (text.length !== 59 || !/^0[0-6]$/.test(type) || !/^\d{12}$/.test(amount)) return undefined;
  return { type, amountCents: Number(amount), voucher: at(50, 6).trim(), echo: at(56, 3) };
}

/** The 148 bytes; without a sale a refusal. */
export function dllAnswer(echo: string, sale: DllSale | undefined, unmaskedCard: boolean): Uint8Array {
  const { approved: isApproved, voucher, amountCents, wallMs } = sale ?? NOTHING_SOLD;
  const [date = '', time = ''] = localTime(wallMs);
  const shown = isApproved ? voucher : '';
  return Uint8Array.from(
    Buffer.concat([
      ascii(isApproved ? '00' : 'X1', 2),
      ascii('0102', 4),
      ...proofOfSale(shown, unmaskedCard),
      ascii(String(amountCents).padStart(12, '0'), 12),
      isApproved ? SUCCESS : FAILURE,
      ascii('', MESSAGE_BYTES - SUCCESS.length),
      ascii('898440100000001', 15),
      ascii('44011301', 8),
      ascii('000001', 6),
      ascii(date, 4),
      ascii(time, 6),
      ascii(shown === '' ? '' : time + shown, 12),
      ascii('', 6),
      ascii(date, 4),
      ascii(echo, 3),
    ]),
  );
}

/** Card and voucher; blanks where nothing was sold. */
function proofOfSale(voucher: string, unmaskedCard: boolean): Buffer[] {
  const card = unmaskedCard ? CARD : `${CARD.slice(0, 6)}******${CARD.slice(-4)}`;
  return [ascii(voucher === '' ? '' : card, 20), ascii(voucher, 6)];
}

/** MMDD and HHMMSS in Panyu. */
function localTime(wallMs: number): string[] {
  const text = new Date(wallMs + CHINA_OFFSET_MS).toISOString().slice(5, 19);
  return text.replaceAll(/[-:]/g, '').split('T');
}

function ascii(text: string, width: number): Buffer {
  return Buffer.from(text.padEnd(width, ' '), 'latin1');
}
