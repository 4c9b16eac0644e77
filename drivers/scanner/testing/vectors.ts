/** What each worked frame of the two HID-POS layouts means, read off the table of device-protocols 5.10 by hand. */
import type { Vectors } from '../../testing/vectors.ts';

/** 13 characters of Code 128: `A012-20240501`. */
const CODE_128 = {
  direction: 'fromDevice',
  reportId: 2,
  dataBytes: 13,
  data: '413031322D3230323430353031',
  text: 'A012-20240501',
  textEncoding: 'utf-8',
  vendorSymbology: 0x6a,
  moreFollow: false,
} as const;

export const VECTORS: Vectors = {
  'barcode-hidpos': {
    'code128-single': { meaning: { ...CODE_128, aimIdentifier: 'C0' } },
    'qr-part-1': {
      meaning: {
        direction: 'fromDevice',
        reportId: 2,
        dataBytes: 56,
        data: '68747470732D6C6573732D64656D6F7C30313233343536373839303132333435363738393031323334353637383930313233343536373839',
        text: 'https-less-demo|0123456789012345678901234567890123456789',
        textEncoding: 'utf-8',
        aimIdentifier: 'Q1',
        vendorSymbology: 0x6a,
        moreFollow: true,
      },
    },
    'qr-part-2': {
      meaning: {
        direction: 'fromDevice',
        reportId: 2,
        dataBytes: 24,
        data: '303132333435363738393031323334353637383930313233',
        text: '012345678901234567890123',
        textEncoding: 'utf-8',
        aimIdentifier: 'Q1',
        vendorSymbology: 0x6a,
        moreFollow: false,
      },
    },
  },
  'barcode-hidpos-newland': { 'code128-single': { meaning: CODE_128 } },
};
