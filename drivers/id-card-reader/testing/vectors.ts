/** What the sheet's frames of ID-card readers mean, worked out by hand from device-protocols 1.2 to 1.10. */
import type { Expected } from '../../testing/vectors.ts';

function command(name: string, more: Readonly<Record<string, number>> = {}): Expected {
  return { meaning: { direction: 'toDevice', command: name, ...more } };
}

function status(code: string, name: string, more: Readonly<Record<string, string>> = {}): Expected {
  return { meaning: { direction: 'fromDevice', code, status: name, ...more } };
}

/** The frames carry filler behind a real WLT head: 0B, and each byte 37 more than the one before (frames, citizen). */
const PHOTO_HEX = `574C66007E00320000FF${Array.from({ length: 1_014 }, (_unused, index) =>
  ((0x0b + 37 * index) % 256).toString(16).toUpperCase().padStart(2, '0'),
).join('')}`;
const PHOTO = { bytes: 1024, format: 'WLT', widthPx: 102, heightPx: 126, hex: PHOTO_HEX } as const;

/** 示范甲, born on the first day of 1900. */
const FIRST_CITIZEN = {
  name: '示范甲',
  sex: 'male',
  nationCode: '01',
  nation: '汉',
  birthDate: '1900-01-01',
  address: '广东省广州市番禺区示范镇样板村民委员会一号',
  number: '440113190001010016',
  isNumberRight: true,
  issuer: '广州市公安局番禺分局',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
} as const;

function read(layout: string, document: Readonly<Record<string, string | boolean>>): Expected {
  return { meaning: { direction: 'fromDevice', code: '90', status: 'ok', layout, document, photo: PHOTO } };
}

const SAM: Readonly<Record<string, Expected>> = {
  'cmd-reset': command('reset'),
  'cmd-status': command('status'),
  'cmd-sam-id': command('samId'),
  'cmd-read-base': command('readTextAndPhoto'),
  'cmd-read-base-fp': command('readTextPhotoAndFingerprints'),
  'cmd-read-iinsn': command('readCardSerial'),
  'cmd-baud-57600': command('setBaudRate', { baudRate: 57_600 }),
  'cmd-baud-9600': command('setBaudRate', { baudRate: 9_600 }),
  'rsp-status-selftest-fail': status('60', 'selfTestFailed'),
  'rsp-find-ok-nonzero': status('9F', 'cardFound', { cardNumberHex: '01234567' }),
  'rsp-find-none': status('80', 'noCard'),
  'rsp-rx-checksum': status('10', 'badChecksumReceived'),
  'rsp-rx-length': status('11', 'badLengthReceived'),
  'rsp-bad-command': status('21', 'unknownCommand'),
  'rsp-unrecognised': status('24', 'unrecognisedError'),
  'rsp-sam-auth-fail': status('31', 'cardRejectedSam'),
  'rsp-card-auth-fail': status('32', 'samRejectedCard'),
  'rsp-verify-fail': status('33', 'verificationFailed'),
  'rsp-card-type': status('40', 'unknownCardType'),
  'rsp-random-fail': status('47', 'randomNumberFailed'),
  'rsp-no-content': status('91', 'noContent'),
  'rsp-sam-id': status('90', 'ok', { samId: '05.03-20200101-0012345678-0087654321' }),
  'rsp-read-base-citizen': read('citizen', FIRST_CITIZEN),
  'rsp-read-base-citizen-longterm': read('citizen', {
    ...FIRST_CITIZEN,
    name: '示范乙',
    sex: 'female',
    nationCode: '08',
    nation: '壮',
    birthDate: '1901-02-03',
    address: '广东省广州市番禺区示范街道样板路2号',
    number: '440113190102030024',
    validTo: 'longTerm',
  }),
  'rsp-read-fp-absent': {
    meaning: {
      direction: 'fromDevice',
      code: '90',
      status: 'ok',
      layout: 'citizen',
      document: FIRST_CITIZEN,
      photo: PHOTO,
      fingerprints: [],
    },
  },
  'rsp-read-base-gat': read('residence-permit', {
    name: '示范丙',
    sex: 'male',
    birthDate: '1902-03-04',
    address: '广东省广州市番禺区示范街道样板路3号',
    number: '810000190203040039',
    isNumberRight: true,
    issuer: '广州市公安局',
    validFrom: '2020-01-01',
    validTo: '2025-01-01',
    travelPermit: 'H00000000',
    issueCount: '01',
  }),
  'rsp-read-base-fpr2017': read('foreigner-2017', {
    latinName: 'SAMPLE, PERSON ONE',
    sex: 'female',
    number: 'USA440099010101',
    nationality: 'USA',
    name: '样本人',
    validFrom: '2020-01-01',
    validTo: '2030-01-01',
    birthDate: '1903-04-05',
    cardVersion: '01',
    acceptingAuthority: '1500',
  }),
  'rsp-read-base-fpr2023': read('foreigner-2023', {
    name: '样本人二',
    sex: 'male',
    issueCount: '01',
    birthDate: '1904-05-06',
    latinNameBegin: 'SAMPLE PERSON WITH A VERY LONG NAME',
    latinNameEnd: 'S INDEED AB',
    latinName: 'SAMPLE PERSON WITH A VERY LONG NAMES INDEED AB',
    number: '944840190405060019',
    isNumberRight: true,
    validFrom: '2024-01-01',
    validTo: '2034-01-01',
    nationality: '840',
  }),
  'rsp-new-address': {
    meaning: {
      direction: 'fromDevice',
      code: '90',
      status: 'ok',
      appendedAddresses: ['广东省广州市番禺区示范镇新村九号'],
    },
  },
  'rsp-bad-checksum': { problem: 'device.garbage' },
};

const FIRST_REPORT =
  'AAAAAA96690508000090010004003A79038332752000200020002000200020002000200020002000200020003100300031003100390030003000300031003000';

export const VECTORS: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  'idcard-sam': SAM,
  'idcard-sam-hid': {
    'out-find': command('find'),
    'in-find-ok': status('9F', 'cardFound', { cardNumberHex: '00000000' }),
    // 1295 bytes in reports of 64: twenty full ones and fifteen bytes in the last
    'in-read-base-first': {
      meaning: {
        direction: 'fromDevice',
        code: '90',
        status: 'ok',
        isWhole: false,
        frameBytes: 1_295,
        reports: 21,
        reportsHex: FIRST_REPORT,
      },
    },
  },
  'idcard-typeb': {
    'apdu-read-uid': command('readUid'),
    'rapdu-uid': {
      meaning: { direction: 'fromDevice', status: '9000', uidHex: '1122334455667788', hasTrailingZero: true },
    },
  },
};
