import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../contract/receipt.schema.ts';
import { framesOf, hexOf } from '../testing/frames.ts';
import * as codec from './escpos.codec.ts';
import * as requests from './printer-requests.ts';
import { printerModel, type PrinterModel } from './printer-models.ts';

const frame = framesOf('printer-escpos');
const custom = framesOf('printer-custom');

function model(name: string): PrinterModel {
  const found = printerModel(name);
  if (!found) throw new Error(name);
  return found;
}

function encode(lines: Receipt['lines'], name = 'epson-tm-t88'): string {
  return hexOf(codec.encodeReceipt({ lines }, model(name)));
}

/** What stands between preamble and finish. */
function body(lines: Receipt['lines'], name = 'epson-tm-t88'): string {
  const { preamble, finish } = model(name);
  return encode(lines, name).slice(preamble.length, -finish.length);
}

describe('ESC/POS codec', () => {
  it('builds the sample ticket of the sheet byte by byte (device-protocols 4.2)', () => {
    const plain = { ...model('custom-vkp80'), finish: '1B6404' + '1D5601' };
    const lines: Receipt['lines'] = [
      { kind: 'text', text: '番禺区村级公共服务站' },
      { kind: 'text', text: '排队号 A012' },
    ];
    expect(hexOf(codec.encodeReceipt({ lines }, plain))).toBe(
      '1B401C26B7ACD8AEC7F8B4E5BCB6B9ABB9B2B7FECEF1D5BE0AC5C5B6D3BAC520413031320A1B64041D5601',
    );
  });

  it('centres, doubles both alphabets, and goes back', () => {
    expect(body([{ kind: 'text', text: 'A012', align: 'centre', scale: 2, bold: true }])).toBe(
      frame('align-centre') +
        frame('bold-on') +
        frame('hanzi-double') +
        '1D2111' +
        '413031320A' +
        '1B61001B4500' +
        '1C21001D2100',
    );
  });

  it('stays at double where the model cannot triple', () => {
    expect(body([{ kind: 'text', text: 'A', scale: 3 }])).toContain('1D2122');
    expect(body([{ kind: 'text', text: 'A', scale: 3 }], 'custom-vkp80')).toContain('1D2111');
  });

  it('wraps doubled text at half the columns', () => {
    const written = body([{ kind: 'text', text: '1'.repeat(25), scale: 2 }]);
    expect(written).toContain(`${'31'.repeat(24)}0A310A`);
  });

  it('draws a rule over the whole width and feeds blank lines', () => {
    expect(body([{ kind: 'rule' }, { kind: 'space', lines: 3 }])).toBe(`${'2D'.repeat(48)}0A1B6403`);
  });

  it('stores and prints a QR code with the printer’s own symbol function (4.3)', () => {
    const written = body([{ kind: 'qr', data: 'A012' }]);
    expect(written).toContain(
      `1D286B040031413200${'1D286B0300314306'}${frame('qr-ec-m')}1D286B070031503041303132${'1D286B0300315130'}`,
    );
  });

  it('writes CODE128 in code set B with its text below', () => {
    expect(body([{ kind: 'barcode', data: 'A012-2024' }])).toContain(`${frame('code128')}413031322D323032340A`);
    expect(body([{ kind: 'barcode', data: '{1' }])).toContain('1D6B49057B427B7B31');
  });

  it('prints only the text of a bar code that is wider than the paper', () => {
    expect(body([{ kind: 'barcode', data: '1'.repeat(40) }])).not.toContain('1D6B49');
  });

  it('cuts at the end, and holds the slip out where there is a presenter', () => {
    expect(encode([{ kind: 'rule' }]).endsWith(frame('feed-4') + frame('cut-partial'))).toBe(true);
    expect(encode([{ kind: 'rule' }], 'custom-vkp80').endsWith(custom('present-12'))).toBe(true);
  });

  it('asks the questions of the sheet', () => {
    expect(hexOf(requests.processIdRequest('0001'))).toBe(frame('process-id-0001'));
    expect(hexOf(requests.realTimeRequest(2))).toBe(frame('dle-eot-2'));
    expect(hexOf(requests.realTimeRequest(3))).toBe(frame('dle-eot-3'));
    expect(hexOf(requests.realTimeRequest(4))).toBe(frame('dle-eot-4'));
    expect(hexOf(requests.MODEL_NAME_REQUEST)).toBe(frame('gs-i-67'));
    expect(hexOf(requests.EJECTOR_STATUS_REQUEST)).toBe(custom('ejector-status'));
    // the sheet has two of the fixed bytes the other way round
    expect(model('epson-tm-t88').clearBuffers).toBe(frame('dle-dc4-8').replace('0601', '0106'));
    expect(model('custom-vkp80').emptyMouth[0]).toBe(custom('retract-or-motor-on'));
  });
});
