import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { HEADER_BYTES, MAX_LENGTH, SamDecoder, sealFrame, type SamEvent } from './sam-frame.codec.ts';

const sam = framesOf('idcard-sam');

function said(events: readonly SamEvent[]): string[] {
  return events.map((event) => (event.kind === 'frame' ? hexOf(event.payload) : event.reason));
}

describe('frames', () => {
  it('are sealed as the sheet writes them', () => {
    expect(hexOf(sealFrame(Uint8Array.of(0x11, 0xff)))).toBe(sam('cmd-status'));
    expect(hexOf(sealFrame(bytesOf(sam('rsp-read-base-citizen').slice(14, -2))))).toBe(sam('rsp-read-base-citizen'));
  });

  it('are found behind noise and extra AA, with the preamble cut in two', () => {
    const decoder = new SamDecoder();
    expect(said(decoder.push(bytesOf('00FFAAAAAAAA96')))).toEqual([]);
    expect(said(decoder.push(bytesOf('69000400009094')))).toEqual(['000090']);
    expect(decoder.noiseBytes).toBe(2);
  });

  it('with a wrong checksum are damaged, and the next one is found', () => {
    const decoder = new SamDecoder();
    expect(said(decoder.push(bytesOf(sam('rsp-bad-checksum') + sam('rsp-find-none'))))).toEqual(['checksum', '000080']);
    expect(decoder.damagedFrames).toBe(1);
  });

  it('with an impossible length are damaged at once', () => {
    expect(said(new SamDecoder().push(bytesOf(`AAAAAA9669FFFF${sam('rsp-find-none')}`)))).toEqual(['length', '000080']);
    expect(said(new SamDecoder().push(bytesOf(`AAAAAA96690002${sam('rsp-find-none')}`)))).toEqual(['length', '000080']);
  });

  it('that a spoilt length has swallowed are found again', () => {
    const longer = sam('rsp-find-none').replace('9669000400', '9669001400');
    const decoder = new SamDecoder();
    const events = [decoder.push(bytesOf(longer)), decoder.push(bytesOf(sam('rsp-no-content')))];
    expect(events.map(said)).toEqual([[], []]);
    expect(said(decoder.push(bytesOf(sam('rsp-card-type'))))).toEqual(['checksum', '000091', '000040']);
  });

  it('are padded with zeros in reports, which is no noise', () => {
    const decoder = new SamDecoder();
    const report = bytesOf(framesOf('idcard-sam-hid')('in-find-ok'));
    expect(said([...decoder.push(report), ...decoder.push(report)])).toEqual(['00009F00000000', '00009F00000000']);
    expect(decoder.noiseBytes).toBe(0);
    expect(decoder.pendingBytes).toBe(0);
  });
});

describe('what has passed through', () => {
  it('does not stay in the buffer', () => {
    const buffer = new Uint8Array(HEADER_BYTES + MAX_LENGTH);
    const decoder = new SamDecoder(buffer);
    decoder.push(bytesOf(sam('rsp-read-base-citizen')));
    expect(buffer.every((byte) => byte === 0)).toBe(true);
    decoder.push(bytesOf(sam('rsp-read-base-citizen')).subarray(0, 700));
    expect(decoder.pendingBytes).toBe(700);
    decoder.reset();
    expect(buffer.every((byte) => byte === 0)).toBe(true);
  });
});
