/** What each worked frame of `fingerprint-zfm` means, read off the tables of device-protocols 3 by hand. */
import type { Vectors } from '../../testing/vectors.ts';
import type { Meaning } from '../../wire-key.ts';

type Fields = Readonly<Record<string, Meaning>>;

function command(instruction: string, parameters: Fields = {}): { readonly meaning: Meaning } {
  return { meaning: { packet: 'command', direction: 'toDevice', address: 'FFFFFFFF', instruction, ...parameters } };
}

function acknowledge(code: string, result: string, answer: Fields = {}): { readonly meaning: Meaning } {
  return { meaning: { packet: 'acknowledge', direction: 'fromDevice', address: 'FFFFFFFF', code, result, ...answer } };
}

function data(isLast: boolean, content: string): { readonly meaning: Meaning } {
  return { meaning: { packet: 'data', direction: 'either', address: 'FFFFFFFF', isLast, bytes: 128, content } };
}

const CHUNK_1 =
  '03203D5A7794B1CEEB0825425F7C99B6D3F00D2A4764819EBBD8F5122F4C6986A3C0DDFA1734516E8BA8C5E2FF1C39567390ADCAE704213E5B7895B2CFEC092643607D9AB7D4F10E2B4865829FBCD9F613304D6A87A4C1DEFB1835526F8CA9C6E3001D3A577491AECBE805223F5C7996B3D0ED0A2744617E9BB8D5F20F2C4966';
const CHUNK_2_AND_4 =
  '83A0BDDAF714314E6B88A5C2DFFC193653708DAAC7E4011E3B587592AFCCE90623405D7A97B4D1EE0B2845627F9CB9D6F3102D4A6784A1BEDBF815324F6C89A6C3E0FD1A3754718EABC8E5021F3C597693B0CDEA0724415E7B98B5D2EF0C294663809DBAD7F4112E4B6885A2BFDCF91633506D8AA7C4E1FE1B3855728FACC9E6';

export const VECTORS: Vectors = {
  'fingerprint-zfm': {
    'img2tz-2': command('Img2Tz', { buffer: 2 }),
    'search-all': command('Search', { buffer: 1, startPage: 0, pageCount: 162 }),
    'reg-model': command('RegModel'),
    'up-char-1': command('UpChar', { buffer: 1 }),
    'down-char-1': command('DownChar', { buffer: 1 }),
    empty: command('Empty'),
    'set-packet-128': command('SetSysPara', { packetBytes: 128 }),
    'read-params': command('ReadSysPara'),
    random: command('GetRandom'),
    'template-count': command('TemplateNum'),
    'ack-ok': acknowledge('00', 'success'),
    'ack-packet-error': acknowledge('01', 'packetReceiveError'),
    'ack-no-finger': acknowledge('02', 'noFinger'),
    'ack-capture-fail': acknowledge('03', 'captureFailed'),
    'ack-messy': acknowledge('06', 'imageTooMessy'),
    'ack-merge-fail': acknowledge('0A', 'mergeFailed'),
    'ack-bad-page': acknowledge('0B', 'pageBeyondLibrary'),
    'ack-load-error': acknowledge('0C', 'templateUnreadable'),
    'ack-cannot-receive': acknowledge('0E', 'cannotAcceptFurtherPackets'),
    'ack-delete-fail': acknowledge('10', 'deleteFailed'),
    'ack-no-image': acknowledge('15', 'noValidImage'),
    'ack-flash-error': acknowledge('18', 'flashWriteError'),
    'ack-bad-register': acknowledge('1A', 'invalidRegister'),
    'ack-need-password': acknowledge('21', 'passwordMustBeVerified'),
    'ack-params': acknowledge('00', 'success', {
      content: '0000000400C80003FFFFFFFF00020006',
      readings: [
        {
          answerTo: 'ReadSysPara',
          isBusy: false,
          isFingerMatched: false,
          isPasswordVerified: false,
          hasValidImage: false,
          systemId: 4,
          capacity: 200,
          security: 3,
          address: 'FFFFFFFF',
          packetBytes: 128,
          baud: 57_600,
        },
      ],
    }),
    'ack-found': acknowledge('00', 'success', {
      content: '00010060',
      readings: [
        { answerTo: 'Search', page: 1, score: 96 },
        { answerTo: 'GetRandom', random: '00010060' },
        { answerTo: 'HiSpeedSearch', page: 1, score: 96 },
      ],
    }),
    'ack-count': acknowledge('00', 'success', {
      content: '0003',
      readings: [
        { answerTo: 'Match', score: 3 },
        { answerTo: 'TemplateNum', templates: 3 },
      ],
    }),
    'ack-index': acknowledge('00', 'success', {
      content: '0700000000000000000000000000000000000000000000000000000000000000',
      readings: [{ answerTo: 'ReadConList', occupiedPages: [0, 1, 2] }],
    }),
    'ack-random': acknowledge('00', 'success', {
      content: '89ABCDEF',
      readings: [
        { answerTo: 'Search', page: 35_243, score: 52_719 },
        { answerTo: 'GetRandom', random: '89ABCDEF' },
        { answerTo: 'HiSpeedSearch', page: 35_243, score: 52_719 },
      ],
    }),
    'data-1-of-4': data(false, CHUNK_1),
    'data-2-of-4': data(false, CHUNK_2_AND_4),
    'data-4-of-4': data(true, CHUNK_2_AND_4),
  },
};
