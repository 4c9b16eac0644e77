import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { VECTORS } from './testing/vectors.ts';
import { WIRE_KEYS } from './wire-keys.ts';
import { dataPackets, DEFAULT_ADDRESS, encodePacket, PID, ZfmDecoder, type ZfmEvent } from './zfm-packet.codec.ts';

const frame = framesOf('fingerprint-zfm');
const names = Object.keys(VECTORS['fingerprint-zfm'] ?? {});
const [key] = WIRE_KEYS;
if (!key?.encode || !key.mask || !key.stream) throw new Error('the key lacks a part');
const { decode, encode, mask } = key;

/** Frames of device-protocols 3.2 that have no worked file, and one of each kind the table allows beside. */
const SHEET = {
  GenImg: 'EF01FFFFFFFF010003010005',
  Match: 'EF01FFFFFFFF010003030007',
  Store: 'EF01FFFFFFFF010006060100050013',
  LoadChar: 'EF01FFFFFFFF010006070100050014',
  DeleteChar: 'EF01FFFFFFFF0100070C00050001001A',
  VfyPwd: 'EF01FFFFFFFF0100071300000000001B',
  ReadConList: 'EF01FFFFFFFF0100041F000024',
  AuraLed: 'EF01FFFFFFFF010007350164020000A4',
};

function expectedOf(name: string): unknown {
  const expected = VECTORS['fingerprint-zfm']?.[name];
  return expected && 'meaning' in expected ? expected.meaning : undefined;
}

function command(content: number[], address = DEFAULT_ADDRESS): Uint8Array {
  return encodePacket({ address, pid: PID.command, content: Uint8Array.from(content) });
}

function inPieces(bytes: Uint8Array, cuts: readonly number[]): ZfmEvent[] {
  const decoder = new ZfmDecoder();
  const places = cuts.map((cut) => cut % (bytes.length + 1));
  const edges = [...new Set([0, ...places, bytes.length])].toSorted((a, b) => a - b);
  return edges.slice(1).flatMap((edge, index) => decoder.push(bytes.slice(edges[index], edge)));
}

describe('frames of the sheet', () => {
  it('mean what the sheet says and come back byte for byte', () => {
    for (const name of names) {
      const meaning = decode(bytesOf(frame(name)));
      expect(meaning, name).toEqual({
        ok: true,
        value: expectedOf(name),
      });
      expect(meaning.ok && encode(meaning.value), name).toEqual({ ok: true, value: bytesOf(frame(name)) });
    }
    expect(names).toHaveLength(32);
  });

  it('that stand in the table of instructions are read with their parameters', () => {
    expect(decode(bytesOf(SHEET.Store))).toMatchObject({ value: { instruction: 'Store', buffer: 1, page: 5 } });
    expect(decode(bytesOf(SHEET.DeleteChar))).toMatchObject({ value: { startPage: 5, pageCount: 1 } });
    expect(decode(bytesOf(SHEET.VfyPwd))).toMatchObject({ value: { instruction: 'VfyPwd', password: '00000000' } });
    expect(decode(bytesOf(SHEET.AuraLed))).toMatchObject({ value: { mode: 1, speed: 100, colour: 2, count: 0 } });
    for (const hex of Object.values(SHEET)) {
      const meaning = decode(bytesOf(hex));
      expect(meaning.ok && encode(meaning.value)).toEqual({ ok: true, value: bytesOf(hex) });
    }
  });

  it('set rate, security and packet size in plain units', () => {
    const values = [command([0x0e, 4, 6]), command([0x0e, 5, 5]), command([0x0e, 6, 3])].map((bytes) => {
      const meaning = decode(bytes);
      expect(meaning.ok && encode(meaning.value)).toEqual({ ok: true, value: bytes });
      return meaning;
    });
    expect(values).toMatchObject([
      { value: { baud: 57_600 } },
      { value: { security: 5 } },
      { value: { packetBytes: 256 } },
    ]);
  });

  it('in a row are a list', () => {
    const both = bytesOf(frame('ack-ok') + frame('data-4-of-4'));
    const meaning = decode(both);
    expect(meaning).toMatchObject({ value: [{ result: 'success' }, { isLast: true, bytes: 128 }] });
    expect(meaning.ok && encode(meaning.value)).toEqual({ ok: true, value: both });
  });

  it('with a code nobody knows say its number; a miss and a mismatch say whose they are', () => {
    const ack = (...content: number[]) =>
      decode(encodePacket({ address: 1, pid: PID.acknowledge, content: Uint8Array.from(content) }));
    expect(ack(0x77)).toMatchObject({ value: { code: '77', result: 'unknownError', address: '00000001' } });
    expect(ack(0x08, 0, 9)).toMatchObject({ value: { readings: [{ answerTo: 'Match', score: 9 }] } });
    const miss = [{ answerTo: 'Search', page: 0, score: 0 }, { answerTo: 'HiSpeedSearch' }];
    expect(ack(0x09, 0, 0, 0, 0)).toMatchObject({ value: { readings: miss } });
  });
});

describe('frames that are wrong', () => {
  it.each([
    ['sum', 'EF01FFFFFFFF07000300000B', 'byte 10: sum 000B, the packet adds up to 000A'],
    ['header', 'EE01FFFFFFFF07000300000A', 'byte 0: a packet begins with EF 01'],
    ['identifier', 'EF01FFFFFFFF05000300000A', 'byte 6: packet identifier 05 is none of 01, 02, 07, 08'],
    ['length', 'EF01FFFFFFFF07000200000A', 'byte 7: length 2 is not 3 to 66'],
    ['end', 'EF01FFFFFFFF0700030000', 'byte 11: the packet needs 1 more bytes'],
    ['rest', 'EF01FFFFFFFF07000300000AEF', 'byte 13: the header is cut off'],
    ['nothing', '', 'byte 0: the header is cut off'],
    ['instruction', hexOf(command([0x99])), 'byte 9: instruction 99 is not known'],
    ['parameters', hexOf(command([0x02])), 'byte 9: Img2Tz has 2 bytes of content, not 1'],
    ['buffer', hexOf(command([0x02, 3])), 'byte 9: Img2Tz: buffer cannot be 3'],
    ['packet size', hexOf(command([0x0e, 6, 4])), 'byte 9: SetSysPara: parameter 6 cannot be 4'],
  ])('say what and where: %s', (_what, hex, detail) => {
    expect(decode(bytesOf(hex))).toEqual({ ok: false, problem: { code: 'device.garbage', detail } });
  });

  it('never pass with one bit changed, unless in the address, which no sum covers', () => {
    for (const name of names) {
      const bytes = bytesOf(frame(name));
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const isAddress = bit >= 16 && bit < 48;
        expect(decode(flipped).ok, `${name} bit ${bit}`).toBe(isAddress);
      }
    }
  });

  it('cannot be made from what is no meaning', () => {
    const none = [null, 'x', {}, { packet: 'command', address: 'FFFFFFFF', instruction: 'toString' }];
    const wrong = { packet: 'command', address: 'FFFFFFFF', instruction: 'Img2Tz', buffer: 3 };
    for (const meaning of [...none, wrong]) expect(encode(meaning)).toMatchObject({ ok: false });
  });
});

describe('the decoder', () => {
  const stream = fc.array(fc.oneof(fc.constantFrom(...names.map(frame)), fc.constant('EF01'), fc.constant('00')), {
    maxLength: 6,
  });

  it('gives the same packets however the bytes are cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(900)), (parts, cuts) => {
        const bytes = bytesOf(parts.join(''));
        const packets = (events: ZfmEvent[]) => events.filter(({ kind }) => kind === 'packet');
        expect(packets(inPieces(bytes, cuts))).toEqual(packets(new ZfmDecoder().push(bytes)));
      }),
      { numRuns: 200 },
    );
  });

  it('finds a packet behind any garbage, at the latest when the line falls quiet, and keeps less than a packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
        const decoder = new ZfmDecoder();
        const events = decoder.push(Buffer.concat([garbage, bytesOf(frame('ack-random'))]));
        expect(decoder.pendingBytes).toBeLessThan(267);
        events.push(...decoder.giveUpPacket());
        expect(events.some((event) => event.kind === 'packet' && event.packet.content.length === 5)).toBe(true);
        expect(decoder.pendingBytes).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the packet inside a header that promised more than came', () => {
    const decoder = new ZfmDecoder();
    expect(decoder.push(bytesOf(`EF01FFFFFFFF020082${frame('ack-ok')}`))).toEqual([]);
    expect(decoder.giveUpPacket().filter(({ kind }) => kind === 'packet')).toHaveLength(1);
  });
});

describe('a recording', () => {
  it('holds neither prints nor passwords, and can be replayed', () => {
    const secret = command([0x13, 0x11, 0x22, 0x33, 0x44]);
    const masked = mask('toDevice', Buffer.concat([secret, bytesOf(frame('data-1-of-4')), bytesOf(frame('ack-ok'))]));
    const zeros = { isLast: false, bytes: 128, content: '00'.repeat(128) };
    expect(decode(masked)).toMatchObject({ value: [{ password: '00000000' }, zeros, { result: 'success' }] });
  });

  it('holds nothing of a packet that came in pieces', () => {
    fc.assert(
      fc.property(fc.nat(137), fc.nat(137), (a, b) => {
        const piece = bytesOf(frame('data-1-of-4')).slice(Math.min(a, b), Math.max(a, b));
        expect(mask('fromDevice', piece)).toEqual(new Uint8Array(piece.length));
      }),
    );
  });
});

describe('data packets', () => {
  it('carry a template of 512 bytes in 4 x 139 bytes, the last one marked', () => {
    const packets = dataPackets(DEFAULT_ADDRESS, new Uint8Array(512), 128);
    expect(packets.map((packet) => [packet.length, packet[6]])).toEqual(
      [139, 139, 139, 139].map((n, i) => [n, i < 3 ? 2 : 8]),
    );
    expect(dataPackets(DEFAULT_ADDRESS, new Uint8Array(130), 128).map((packet) => packet.length)).toEqual([139, 13]);
  });
});
