/** The worked frames of device-protocols 5.1, read off the table by hand. */
import type { Vectors } from '../../testing/vectors.ts';

const APPROVED = {
  direction: 'fromDevice',
  messageType: 'response',
  echo: '0371',
  tradeCode: '01',
  resultCode: '00',
  details: {
    date: '2024-05-01',
    terminal: '44011301',
    merchant: '898440100000001',
    merchantName: '番禺区测试商户',
    amountText: 'RMB  2.00',
    amountCents: 200,
    batch: '000001',
    trace: '000123',
    voucher: '000123',
    reference: '083015000123',
    monthDay: '05-01',
    time: '08:30:15',
    card: '620000******0005',
    cardExpiry: '2030-12',
    cardOrganisation: 'CUP',
  },
} as const;

export const MIS_SERIAL_VECTORS: Vectors[string] = {
  'req-sale': {
    meaning: {
      direction: 'toDevice',
      messageType: 'request',
      echo: '0371',
      tradeCode: '01',
      df08: '5555',
      amountCents: 200,
      df09: '3004',
      df0d: '1',
      desk: 'KIOSK001',
      operator: '001',
    },
  },
  'rsp-sale-ok': { meaning: APPROVED },
  'rsp-sale-cancelled': {
    meaning: { direction: 'fromDevice', messageType: 'response', echo: '0371', tradeCode: '01', resultCode: 'X1' },
  },
  ack: { meaning: { control: 'ack' } },
  nak: { meaning: { control: 'nak' } },
  'ack-then-frame': { meaning: [{ control: 'ack' }, APPROVED] },
};
