import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIpp, encodeIpp } from './ipp.codec.ts';
import { WIRE_KEYS } from './wire-keys.ts';

const [ipp] = WIRE_KEYS;
if (!ipp?.encode || !ipp.mask) throw new Error('the key can do all');
const { decode, encode, mask } = ipp;

const text = (value: string) => Buffer.from(value).toString('hex').toUpperCase();
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

const CHARSET = `47 0012 ${text('attributes-charset')} 0005 ${text('utf-8')}`;
const LANGUAGE = `48 001B ${text('attributes-natural-language')} 0005 ${text('en-us')}`;
const PRINTER = `45 000B ${text('printer-uri')} 002C ${text('ipp://printer.example.com/ipp/print/pinetree')}`;
const HEAD = `01 ${CHARSET} ${LANGUAGE}`;
const attribute = (name: string, syntax: string, ...values: unknown[]) => ({
  name,
  values: values.map((value) => ({ syntax, value })),
});
const HEAD_MEANS = [
  attribute('attributes-charset', 'charset', 'utf-8'),
  attribute('attributes-natural-language', 'naturalLanguage', 'en-us'),
];
const PRINTER_MEANS = attribute('printer-uri', 'uri', 'ipp://printer.example.com/ipp/print/pinetree');
const UNSUPPORTED = `05 21 0006 ${text('copies')} 0004 00000014 10 0005 ${text('sides')} 0000`;
const UNSUPPORTED_MEANS = {
  group: 'unsupported',
  attributes: [attribute('copies', 'integer', 20), attribute('sides', 'unsupported', null)],
};
const JOB_147 = `02 21 0006 ${text('job-id')} 0004 00000093
  45 0007 ${text('job-uri')} 0030 ${text('ipp://printer.example.com/ipp/print/pinetree/147')}
  23 0009 ${text('job-state')} 0004 00000003`;
const JOB_147_MEANS = {
  group: 'job',
  attributes: [
    attribute('job-id', 'integer', 147),
    attribute('job-uri', 'uri', 'ipp://printer.example.com/ipp/print/pinetree/147'),
    attribute('job-state', 'enum', 3),
  ],
};
const statusMessage = (message: string, length: string) =>
  `41 000E ${text('status-message')} ${length} ${text(message)}`;

/** RFC 8010 appendix A, octet by octet. */
const EXAMPLES: readonly (readonly [section: string, hex: string, meaning: unknown])[] = [
  [
    'A.1 Print-Job request',
    `0101 0002 00000001 ${HEAD} ${PRINTER} 42 0008 ${text('job-name')} 0006 ${text('foobar')}
     22 0016 ${text('ipp-attribute-fidelity')} 0001 01
     02 21 0006 ${text('copies')} 0004 00000014 44 0005 ${text('sides')} 0013 ${text('two-sided-long-edge')} 03
     ${text('%!PDF...')}`,
    {
      from: 'host',
      version: '1.1',
      code: 2,
      operation: 'Print-Job',
      requestId: 1,
      groups: [
        {
          group: 'operation',
          attributes: [
            ...HEAD_MEANS,
            PRINTER_MEANS,
            attribute('job-name', 'nameWithoutLanguage', 'foobar'),
            attribute('ipp-attribute-fidelity', 'boolean', true),
          ],
        },
        {
          group: 'job',
          attributes: [attribute('copies', 'integer', 20), attribute('sides', 'keyword', 'two-sided-long-edge')],
        },
      ],
      dataHex: text('%!PDF...'),
    },
  ],
  [
    'A.2 Print-Job response (successful)',
    `0101 0000 00000001 ${HEAD} ${statusMessage('successful-ok', '000D')} ${JOB_147} 03`,
    {
      from: 'device',
      version: '1.1',
      code: 0,
      status: 'successful-ok',
      requestId: 1,
      groups: [
        {
          group: 'operation',
          attributes: [...HEAD_MEANS, attribute('status-message', 'textWithoutLanguage', 'successful-ok')],
        },
        JOB_147_MEANS,
      ],
    },
  ],
  [
    'A.3 Print-Job response (failure)',
    `0101 040B 00000001 ${HEAD} ${statusMessage('client-error-attributes-or-values-not-supported', '002F')} ${UNSUPPORTED} 03`,
    {
      from: 'device',
      version: '1.1',
      code: 0x040b,
      status: 'client-error-attributes-or-values-not-supported',
      requestId: 1,
      groups: [
        {
          group: 'operation',
          attributes: [
            ...HEAD_MEANS,
            attribute('status-message', 'textWithoutLanguage', 'client-error-attributes-or-values-not-supported'),
          ],
        },
        UNSUPPORTED_MEANS,
      ],
    },
  ],
  [
    'A.4 Print-Job response (success with attributes ignored)',
    `0101 0001 00000001 ${HEAD} ${statusMessage('successful-ok-ignored-or-substituted-attributes', '002F')} ${UNSUPPORTED} ${JOB_147} 03`,
    {
      from: 'device',
      version: '1.1',
      code: 1,
      status: 'successful-ok-ignored-or-substituted-attributes',
      requestId: 1,
      groups: [
        {
          group: 'operation',
          attributes: [
            ...HEAD_MEANS,
            attribute('status-message', 'textWithoutLanguage', 'successful-ok-ignored-or-substituted-attributes'),
          ],
        },
        UNSUPPORTED_MEANS,
        JOB_147_MEANS,
      ],
    },
  ],
  [
    'A.7 Create-Job request with collection attributes',
    `0101 0005 00000001 ${HEAD} ${PRINTER} 02
     34 0009 ${text('media-col')} 0000
       4A 0000 000A ${text('media-size')} 34 0000 0000
         4A 0000 000B ${text('x-dimension')} 21 0000 0004 00005208
         4A 0000 000B ${text('y-dimension')} 21 0000 0004 00007404
       37 0000 0000
       4A 0000 000A ${text('media-type')} 44 0000 000A ${text('stationery')}
     37 0000 0000 03`,
    {
      from: 'host',
      version: '1.1',
      code: 5,
      operation: 'Create-Job',
      requestId: 1,
      groups: [
        { group: 'operation', attributes: [...HEAD_MEANS, PRINTER_MEANS] },
        {
          group: 'job',
          attributes: [
            attribute('media-col', 'collection', [
              attribute('media-size', 'collection', [
                attribute('x-dimension', 'integer', 21_000),
                attribute('y-dimension', 'integer', 29_700),
              ]),
              attribute('media-type', 'keyword', 'stationery'),
            ]),
          ],
        },
      ],
    },
  ],
  [
    'A.8 Get-Jobs request',
    `0101 000A 0000007B ${HEAD} ${PRINTER} 21 0005 ${text('limit')} 0004 00000032
     44 0014 ${text('requested-attributes')} 0006 ${text('job-id')} 44 0000 0008 ${text('job-name')}
     44 0000 000F ${text('document-format')} 03`,
    {
      from: 'host',
      version: '1.1',
      code: 10,
      operation: 'Get-Jobs',
      requestId: 123,
      groups: [
        {
          group: 'operation',
          attributes: [
            ...HEAD_MEANS,
            PRINTER_MEANS,
            attribute('limit', 'integer', 50),
            attribute('requested-attributes', 'keyword', 'job-id', 'job-name', 'document-format'),
          ],
        },
      ],
    },
  ],
  [
    'A.9 Get-Jobs response, the second job withheld',
    `0101 0000 0000007B ${HEAD} ${statusMessage('successful-ok', '000D')}
     02 21 0006 ${text('job-id')} 0004 00000093 36 0008 ${text('job-name')} 000C 0005 ${text('fr-ca')} 0003 ${text('fou')}
     02
     02 21 0006 ${text('job-id')} 0004 00000095 36 0008 ${text('job-name')} 0012 0005 ${text('de-CH')} 0009 ${text('isch guet')} 03`,
    {
      from: 'device',
      version: '1.1',
      code: 0,
      status: 'successful-ok',
      requestId: 123,
      groups: [
        {
          group: 'operation',
          attributes: [...HEAD_MEANS, attribute('status-message', 'textWithoutLanguage', 'successful-ok')],
        },
        {
          group: 'job',
          attributes: [
            attribute('job-id', 'integer', 147),
            attribute('job-name', 'nameWithLanguage', { language: 'fr-ca', text: 'fou' }),
          ],
        },
        { group: 'job', attributes: [] },
        {
          group: 'job',
          attributes: [
            attribute('job-id', 'integer', 149),
            attribute('job-name', 'nameWithLanguage', { language: 'de-CH', text: 'isch guet' }),
          ],
        },
      ],
    },
  ],
];

describe('RFC 8010', () => {
  it.each(EXAMPLES)('%s', (_section, hex, meaning) => {
    const bytes = bytesOf(hex);
    const decoded = decode(bytes);
    expect(decoded).toEqual({ ok: true, value: meaning });
    const encoded = encode(decoded.ok ? decoded.value : undefined);
    expect(encoded.ok && hexOf(encoded.value)).toBe(hexOf(bytes));
  });

  it('3.9: the values no example has', () => {
    const hex = `0200 0000 00000001 04
      31 0001 61 000B 07EA 01 05 08 00 1E 05 2B 08 00
      32 0001 62 0009 00000258 0000012C 03
      33 0001 63 0008 00000001 000003E7
      30 0001 64 0003 00FF10
      13 0001 65 0000
      7F 0001 66 0002 ABCD
      21 0001 67 0004 FFFFFFFF 03`;
    const decoded = decodeIpp(bytesOf(hex));
    expect(decoded.ok && decoded.value.groups[0]?.attributes).toEqual([
      attribute('a', 'dateTime', '2026-01-05T08:00:30.5+08:00'),
      attribute('b', 'resolution', { x: 600, y: 300, units: 3 }),
      attribute('c', 'rangeOfInteger', { lower: 1, upper: 999 }),
      attribute('d', 'octetString', '00FF10'),
      attribute('e', 'no-value', null),
      attribute('f', 'tag-7f', 'ABCD'),
      attribute('g', 'integer', -1),
    ]);
    const again = decoded.ok ? encodeIpp(decoded.value) : decoded;
    expect(again.ok && hexOf(again.value)).toBe(hexOf(bytesOf(hex)));
  });
});

describe('what cannot be is refused with its byte', () => {
  it.each([
    ['shorter than any message', '0101 0000 000000', 'byte 7'],
    ['of another version', '0301 0000 00000001 03', 'version 3.1'],
    ['without end', `0101 0000 00000001 ${HEAD}`, 'do not end'],
    ['with a length beyond the end', '0101 0000 00000001 01 47 0012 61', 'byte 9'],
    ['with a negative length', '0101 0000 00000001 01 47 FFFF 61 03', 'length'],
    ['with an integer of three bytes', '0101 0000 00000001 02 21 0001 61 0003 000001 03', 'integer of 3 bytes'],
    ['with a boolean of 2', '0101 0000 00000001 02 22 0001 61 0001 02 03', 'no boolean'],
    ['with a further value of nothing', '0101 0000 00000001 02 21 0000 0004 00000001 03', 'without a first'],
    ['with a member outside a collection', '0101 0000 00000001 02 4A 0001 61 0001 62 03', 'outside a collection'],
    ['with a collection that does not end', '0101 0000 00000001 02 34 0001 61 0000 4A 0000 0001 62', 'does not end'],
    ['with a group of tag 0', '0101 0000 00000001 00 03', 'neither a group'],
    ['with a name that is not UTF-8', '0101 0000 00000001 02 21 0001 FF 0004 00000001 03', 'UTF-8'],
  ])('%s', (_what, hex, detail) => {
    const decoded = decode(bytesOf(hex));
    expect(decoded).toMatchObject({ ok: false, problem: { code: 'device.garbage' } });
    expect(decoded.ok ? '' : decoded.problem.detail).toContain(detail);
  });

  it('collections within collections, a thousand deep', () => {
    const open = `34 0001 61 0000 ${'4A 0000 0001 62 34 0000 0000'.repeat(1_000)}`;
    expect(decodeIpp(bytesOf(`0101 0000 00000001 02 ${open}`))).toMatchObject({ ok: false });
  });

  it('every cut of an example, and no cut is taken for a whole', () => {
    const whole = bytesOf(EXAMPLES[4]?.[1] ?? '');
    for (let end = 0; end < whole.length; end += 1) expect(decodeIpp(whole.slice(0, end)).ok, `${end}`).toBe(false);
  });
});

it('comes back as it was, whatever single byte is changed, or is refused', () => {
  const examples = EXAMPLES.map(([, hex]) => bytesOf(hex));
  fc.assert(
    fc.property(fc.constantFrom(...examples), fc.nat(), fc.nat({ max: 255 }), (example, at, value) => {
      const changed = Uint8Array.from(example);
      changed[at % changed.length] = value;
      const decoded = decodeIpp(changed);
      if (!decoded.ok) return;
      const again = encodeIpp(decoded.value);
      const second = again.ok ? decodeIpp(again.value) : again;
      expect(second).toEqual(decoded);
    }),
    { numRuns: 2_000 },
  );
});

it('keeps names and documents out of recordings, byte for byte as long', () => {
  const whole = bytesOf(EXAMPLES[0]?.[1] ?? '');
  const masked = mask('toDevice', whole);
  expect(masked.length).toBe(whole.length);
  const shown = Buffer.from(masked).toString('latin1');
  expect(shown).toContain('job-name\u0000\u0006******');
  expect(shown.endsWith('\u0003********')).toBe(true);
  expect(Buffer.from(mask('fromDevice', whole.slice(5))).toString()).toMatch(/^\*+$/);
});
