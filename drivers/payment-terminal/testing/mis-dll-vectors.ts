/** The worked strings of device-protocols 5.2, cut at the columns of its tables by hand. */
import type { Vectors } from '../../testing/vectors.ts';

const REQUEST = {
  direction: 'toDevice',
  desk: 'KIOSK001',
  operator: '001',
  originalDate: '',
  originalReference: '',
  originalVoucher: '',
} as const;
const APPROVED = {
  direction: 'fromDevice',
  approved: true,
  resultCode: '00',
  bankCode: '0102',
  card: '620000******0005',
  voucher: '000123',
  amountCents: 200,
  message: '交易成功',
  merchant: '898440100000001',
  terminal: '44011301',
  batch: '000001',
  date: '0501',
  time: '083015',
  reference: '083015000123',
  authorisation: '',
  settlementDate: '0501',
} as const;

export const MIS_DLL_VECTORS: Vectors[string] = {
  'req-sale': { meaning: { ...REQUEST, type: 'sale', amountCents: 200, echo: '371' } },
  'req-signin': { meaning: { ...REQUEST, type: 'signIn', amountCents: 0, echo: '005' } },
  'req-settle': { meaning: { ...REQUEST, type: 'settlement', amountCents: 0, echo: '006' } },
  'rsp-sale-ok': { meaning: { ...APPROVED, echo: '371' } },
  // Nothing is wrong with the string itself: whose answer it is, only the one who asked can tell.
  'rsp-wrong-echo': { meaning: { ...APPROVED, echo: '999' } },
};
