import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { checkValue, ecbMac, unwrapKey, WORKED_MAC_KEY } from './iso8583-mac.ts';
import {
  isMacRight,
  reversalOf,
  settlementMessage,
  signInMessage,
  transactionMessage,
  type IsoSite,
} from './iso8583-messages.ts';
import { ISO8583_KEY } from './iso8583-wire-key.ts';
import { decodeIso, encodeIso, IsoDecoder, type IsoMessage } from './iso8583.codec.ts';
import { VECTORS } from './testing/vectors.ts';

const frame = framesOf('iso8583');
const NAMES = Object.keys(VECTORS['iso8583'] ?? {});
/** device-protocols 5.7; not among the frames. */
const APPROVED =
  '008C60000600006031003110030210703E00810ED080111662000000000000050000000000000002000001230830150501301205010008010200003038333031353030303132333635343332313030343430313133303138393834343031303030303030303122303130323030303020202034383434303030302020203135360008220000013232364442374431';
const DECLINED =
  '005D60000600006031003110030210303800800AC08011000000000000000200000123083015050100303833303135303030313233353134343031313330313839383434303130303030303030313135360008220000013934444443414245';
const SITE: IsoSite = {
  tpdu: '6000060000',
  header: '603100311003',
  terminal: '44011301',
  merchant: '898440100000001',
  batch: '000001',
  macKey: WORKED_MAC_KEY,
};

function read(hex: string): IsoMessage {
  const message = decodeIso(bytesOf(hex));
  if (!message.ok) throw new Error(message.problem.detail);
  return message.value;
}

function written(message: ReturnType<typeof transactionMessage>): string {
  const bytes = message.ok ? encodeIso(message.value) : message;
  if (!bytes.ok) throw new Error(bytes.problem.detail);
  return hexOf(bytes.value);
}

describe('worked messages (device-protocols 5.7)', () => {
  it.each([...NAMES.map((name) => [name, frame(name)]), ['0210 approved', APPROVED], ['0210 declined', DECLINED]])(
    '%s: its MAC is right and it is written byte by byte again',
    (_name, hex = '') => {
      expect(isMacRight(bytesOf(hex), WORKED_MAC_KEY)).toBe(true);
      expect(written({ ok: true, value: read(hex) })).toBe(hex);
    },
  );

  it('the approval says what it must', () => {
    expect(ISO8583_KEY.decode(bytesOf(APPROVED))).toMatchObject({
      ok: true,
      value: {
        direction: 'fromDevice',
        transaction: 'sale',
        messageType: '0210',
        amountCents: 200,
        trace: '000123',
        settlementDate: '0501',
        acquirer: '01020000',
        reference: '083015000123',
        authorisation: '654321',
        responseCode: '00',
        additionalResponse: '01020000   48440000   ',
        macOk: true,
      },
    });
  });

  it('the sale and its void are made from their meaning, MAC and all', () => {
    const card = new Map([...read(frame('0200-sale')).fields].filter(([number]) => [2, 14, 23, 55].includes(number)));
    const order = { trace: '000123', amountCents: 200, entryMode: '052' };
    expect(written(transactionMessage(SITE, 'sale', { ...order, more: card }))).toBe(frame('0200-sale'));
    card.delete(55);
    const original = { reference: '083015000123', authorisation: '654321', batch: '000001', trace: '000123' };
    expect(written(transactionMessage(SITE, 'void', { ...order, trace: '000124', more: card, original }))).toBe(
      frame('0200-void'),
    );
  });

  it.each([
    ['noResponse', '0400-reversal-98'],
    ['terminalFailure', '0400-reversal-96'],
    ['wrongMac', '0400-reversal-a0'],
  ] as const)('its reversal for %s has the same trace and is the same bytes each time', (reason, name) => {
    const sale = read(frame('0200-sale'));
    expect(written(reversalOf(SITE, sale, reason))).toBe(frame(name));
    expect(written(reversalOf(SITE, sale, reason))).toBe(frame(name));
  });

  it('a reversal for any other reason says 06', () => {
    const reversal = reversalOf(SITE, read(frame('0200-sale')), 'other');
    expect(reversal.ok && reversal.value.fields.get(39)).toBe('06');
    expect(isMacRight(bytesOf(written(reversal)), WORKED_MAC_KEY)).toBe(true);
  });
});

describe('messages without a worked example', () => {
  it.each([
    ['refund', '0220', '25'],
    ['balance', '0200', '01'],
  ] as const)('%s has its type and codes', (kind, mti, type) => {
    const original = { reference: '083015000123', batch: '000001', trace: '000123', date: '0501' };
    const order = { trace: '000125', entryMode: '031', ...(kind === 'refund' && { amountCents: 200, original }) };
    const message = transactionMessage(SITE, kind, order);
    const decoded = ISO8583_KEY.decode(bytesOf(written(message)));
    expect(decoded).toMatchObject({
      ok: true,
      value: { transaction: kind, messageType: mti, entryMode: '031', macOk: true },
    });
    expect(message.ok && message.value.fields.get(60)?.slice(0, 2)).toBe(type);
  });

  it('sign-in has no MAC, settlement carries its totals', () => {
    const signIn = ISO8583_KEY.decode(bytesOf(written(signInMessage(SITE, '000001', '001'))));
    expect(signIn).toMatchObject({ ok: true, value: { transaction: 'signIn', field63: '001', batch: '000001' } });
    expect(JSON.stringify(signIn)).not.toContain('macOk');
    const totals = '0'.repeat(62);
    expect(ISO8583_KEY.decode(bytesOf(written(settlementMessage(SITE, '000002', '001', totals))))).toMatchObject({
      ok: true,
      value: { transaction: 'settlement', additionalData: totals },
    });
  });

  it('a trace of zeros is refused', () => {
    expect(transactionMessage(SITE, 'sale', { trace: '000000', amountCents: 1, entryMode: '031' })).toMatchObject({
      ok: false,
    });
  });
});

describe('field 64', () => {
  it('the published trace: the master key unwraps the working key, and the folded blocks end as computed', () => {
    const master = bytesOf('70F2A84CCBC2AE8625CBB0F2C22AB923');
    const working = unwrapKey(bytesOf('96D605EA176B7E9E'), master);
    expect(hexOf(working)).toBe('C24A8FB57AA20123');
    expect(ecbMac(bytesOf('4D09F434464FE7BF'), working)).toBe('72489CAC');
  });

  it('single DES by the textbook: zeros under 0123456789ABCDEF', () => {
    expect(checkValue(WORKED_MAC_KEY)).toBe('D5D44FF7');
  });

  it('a double-length key of twice the same half is the single key, another half is not', () => {
    const input = bytesOf('00112233445566778899');
    const twice = Uint8Array.of(...WORKED_MAC_KEY, ...WORKED_MAC_KEY);
    expect(ecbMac(input, twice)).toBe(ecbMac(input, WORKED_MAC_KEY));
    expect(ecbMac(input, Uint8Array.of(...WORKED_MAC_KEY, ...bytesOf('FEDCBA9876543210')))).not.toBe(
      ecbMac(input, WORKED_MAC_KEY),
    );
    expect(() => ecbMac(input, new Uint8Array(5))).toThrow(RangeError);
  });

  it('a wrong MAC is reported and the rest still read; another key shows as wrong, too', () => {
    const wrong = APPROVED.replace(/3232364442374431$/, '3030303030303030');
    expect(ISO8583_KEY.decode(bytesOf(wrong))).toMatchObject({
      ok: true,
      value: { mac: '00000000', macOk: false, trace: '000123' },
    });
    expect(isMacRight(bytesOf(APPROVED), bytesOf('FEDCBA9876543210'))).toBe(false);
    expect(isMacRight(bytesOf(written(signInMessage(SITE, '000001', '001'))), WORKED_MAC_KEY)).toBeUndefined();
  });

  it('any changed bit before it makes it wrong', () => {
    const bytes = bytesOf(frame('0400-reversal-98'));
    const verdicts = Array.from({ length: bytes.length - 21 }, (_, index) => {
      const changed = Uint8Array.from(bytes);
      changed[index + 13] = (changed[index + 13] ?? 0) ^ 0x01;
      return isMacRight(changed, WORKED_MAC_KEY);
    });
    // The one bit of the bitmap that says there is a MAC leaves nothing to check.
    expect(verdicts.filter((verdict) => verdict === undefined)).toHaveLength(1);
    expect(verdicts).not.toContain(true);
  });
});

describe('what is no message', () => {
  it.each([
    ['cut off', APPROVED.slice(0, 60), '30 bytes, the length says 142'],
    ['a byte too many', `${APPROVED}00`, 'message at byte 142: byte 1'],
    ['a length that cannot be', '0003600006', 'byte 0: a length of 3'],
    ['no TPDU', APPROVED.replace('008C60', '008C61'), 'byte 2: a TPDU begins with 60'],
    ['a second bitmap', APPROVED.replace('0210703E', '0210F03E'), 'field 1 has no format'],
    ['a letter among digits', APPROVED.replace('000000000200', '00000000020A'), 'field 4 is not bcd'],
    ['nothing', '', 'no bytes'],
  ])('%s is refused with its place', (_what, hex, detail) => {
    expect(ISO8583_KEY.decode(bytesOf(hex))).toMatchObject({
      ok: false,
      problem: { code: 'device.garbage', detail: expect.stringContaining(detail) as string },
    });
  });

  it('the stream finds the same messages in any pieces behind noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (noise, size) => {
        const bytes = Uint8Array.of(...noise, ...bytesOf(APPROVED + DECLINED));
        const [whole, pieces] = [new IsoDecoder(), new IsoDecoder()];
        const expected = whole.push(bytes);
        const got = [];
        for (let at = 0; at < bytes.length; at += size) got.push(...pieces.push(bytes.slice(at, at + size)));
        expect(got).toEqual(expected);
        expect(pieces.pendingBytes).toBeLessThan(1_500);
      }),
    );
  });
});

it('a recording holds no card, track, expiry or chip data, and stays a message', () => {
  const masked = ISO8583_KEY.mask?.('toDevice', bytesOf(frame('0200-sale'))) ?? new Uint8Array();
  const decoded = ISO8583_KEY.decode(masked);
  expect(decoded).toMatchObject({ ok: true, value: { pan: '0000000000000000', cardExpiry: '0000', trace: '000123' } });
  expect(hexOf(masked)).not.toContain('A1B2C3D4E5F60718');
  expect(ISO8583_KEY.mask?.('toDevice', bytesOf(frame('0200-sale')).slice(0, 50))).toEqual(new Uint8Array(50));
});
