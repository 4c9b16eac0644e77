/** The worked messages of device-protocols 5.7, cut field by field along their bitmaps by hand. */
import type { Vectors } from '../../testing/vectors.ts';

const ENVELOPE = { tpdu: { id: '60', destination: '0006', source: '0000' }, header: '603100311003' } as const;
const SITE = { terminal: '44011301', merchant: '898440100000001', currency: '156' } as const;
const CARD = {
  pan: '6200000000000005',
  cardExpiry: '3012',
  entryMode: '052',
  cardSequence: '0001',
  condition: '00',
} as const;
const REVERSAL = {
  direction: 'toDevice',
  transaction: 'reversal',
  messageType: '0400',
  ...ENVELOPE,
  ...CARD,
  ...SITE,
  processingCode: '000000',
  amountCents: 200,
  trace: '000123',
  field60: '22000001000500',
  batch: '000001',
  macOk: true,
} as const;
const REVERSED = {
  direction: 'fromDevice',
  transaction: 'reversal',
  messageType: '0410',
  ...ENVELOPE,
  ...SITE,
  processingCode: '000000',
  amountCents: 200,
  trace: '000123',
  localTime: '083115',
  localDate: '0501',
  condition: '00',
  field60: '22000001',
  batch: '000001',
  macOk: true,
} as const;

export const ISO8583_VECTORS: Vectors[string] = {
  '0200-sale': {
    meaning: {
      direction: 'toDevice',
      transaction: 'sale',
      messageType: '0200',
      ...ENVELOPE,
      ...CARD,
      ...SITE,
      processingCode: '000000',
      amountCents: 200,
      trace: '000123',
      chipData:
        '9F2608A1B2C3D4E5F607189F2701809F3704010203049F36020012950500000000009A032405019C01009F02060000000002005F2A02015682027C009F1A0201569F03060000000000009F3303E0E1C8',
      chipTags: {
        '9F26': 'A1B2C3D4E5F60718',
        '9F27': '80',
        '9F37': '01020304',
        '9F36': '0012',
        '95': '0000000000',
        '9A': '240501',
        '9C': '00',
        '9F02': '000000000200',
        '5F2A': '0156',
        '82': '7C00',
        '9F1A': '0156',
        '9F03': '000000000000',
        '9F33': 'E0E1C8',
      },
      field60: '22000001000500',
      batch: '000001',
      mac: '69CE8369',
      macOk: true,
    },
  },
  '0400-reversal-98': {
    meaning: { ...REVERSAL, responseCode: '98', responseMeaning: 'no response in time', mac: 'C3DA8F17' },
  },
  '0400-reversal-96': {
    meaning: { ...REVERSAL, responseCode: '96', responseMeaning: 'system failure', mac: '55843FC2' },
  },
  '0400-reversal-a0': {
    meaning: { ...REVERSAL, responseCode: 'A0', responseMeaning: 'MAC wrong: sign in again', mac: 'BF30701B' },
  },
  '0410-reversed': {
    meaning: {
      ...REVERSED,
      reference: '083015000123',
      responseCode: '00',
      responseMeaning: 'approved',
      mac: '95661DC7',
    },
  },
  '0410-not-found': {
    meaning: { ...REVERSED, responseCode: '25', responseMeaning: 'original not found', mac: '0DAE4907' },
  },
  '0200-void': {
    meaning: {
      direction: 'toDevice',
      transaction: 'void',
      messageType: '0200',
      ...ENVELOPE,
      ...CARD,
      ...SITE,
      processingCode: '200000',
      amountCents: 200,
      trace: '000124',
      reference: '083015000123',
      authorisation: '654321',
      field60: '23000001000500',
      batch: '000001',
      field61: '000001000123',
      original: { batch: '000001', trace: '000123' },
      mac: 'BAFEDF22',
      macOk: true,
    },
  },
};
