import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { readLink, writeLink } from './link-text.ts';

describe('a link as typed', () => {
  it.each([
    'tcp:127.0.0.1:9100',
    'serial:/dev/ttyUSB0:115200',
    'serial:/dev/serial/by-id/usb-CMS50:19200:odd',
    'pcsc',
    'pcsc:ACS ACR122U 00 00',
    'hid:0590:0028',
    'hid:2b8b:2721:A7',
    'ipp://127.0.0.1:631/printers/a4',
    'usb-printer:/dev/usb/lp0',
    'nut:ups@127.0.0.1:3493',
    'vpcd:35970',
  ])('%s is read, and written the same', (text) => {
    const link = readLink(text);
    expect(link.ok && writeLink(link.value)).toBe(text);
  });

  it.each(['tcp:9100', 'tcp:host:99999', 'serial:/dev/ttyS0:1234', 'hid:xyz:1', 'usb:1', ''])(
    '%s is refused',
    (text) => {
      expect(readLink(text)).toMatchObject({ ok: false, problem: { code: 'kiosk.badConfig' } });
    },
  );
});

describe('the command line', () => {
  it.each([
    [[], 'which command?'],
    [['dance'], 'no command dance'],
    [['decode', 'vpcd'], 'decode KEY HEX'],
    [['self-test'], 'self-test DEVICE'],
    [['record', 'pay-1', '--seconds', '3'], 'record DEVICE --seconds N --out FILE'],
    [['status', '--wait', 'long'], '--wait takes seconds'],
    [['status', '--class', 'ups'], '--class C --model M --link LINK'],
    [['status', '--site', 'a', '--class', 'ups'], 'not both'],
    [['status', '--colour', 'red'], '--colour'],
    [['status', 'a', 'b'], 'too many words'],
  ])('%j is refused with a sentence', (argv, sentence) => {
    expect(readArguments(argv)).toContain(sentence);
  });

  it('joins hex that came as several words', () => {
    expect(readArguments(['decode', 'vpcd', '00', '01', '04'])).toEqual({ kind: 'decode', key: 'vpcd', hex: '000104' });
  });

  it('takes a device alone without a name', () => {
    const argv = ['self-test', '--class', 'ups', '--model', 'nut', '--link', 'nut:ups@h:1', '--json', '--wait', '2.5'];
    expect(readArguments(argv)).toMatchObject({ kind: 'self-test', device: undefined, json: true, waitMs: 2_500 });
  });
});
