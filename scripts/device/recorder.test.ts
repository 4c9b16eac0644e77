import { describe, expect, it } from 'vitest';
import type { WireKey } from '../../drivers/wire-key.ts';
import { wireKey } from '../../drivers/wire-keys.ts';
import { Recorder } from './recorder.ts';
import type { RecordedEntry, RecordingHeader } from './recording-file.ts';

function recorder(key: string, bytes: RecordingHeader['bytes'] = 'masked') {
  const kept: RecordedEntry[] = [];
  const keys: readonly WireKey[] = [wireKey(key)].filter((one) => one !== undefined);
  const making = new Recorder({ keys, bytes, startedMs: 1_000, keep: (entry) => kept.push(entry) });
  const put = (atMs: number, hex: string, direction: 'toDevice' | 'fromDevice' = 'fromDevice'): void =>
    making.put({ atMs: 1_000 + atMs, direction, hex });
  return { making, put, kept };
}

/** Pulse 72, oxygen 98: blanked they are 127 each, and the wave is gone. */
const PACKET = '873C064862';
const BLANK = '8700007F7F';

describe('what a recording keeps', () => {
  it('personal values are blanked, and instants count from the beginning', () => {
    const { put, kept } = recorder('spo2-cms50-5byte');
    put(16.7, PACKET);
    expect(kept).toEqual([{ atMs: 16.7, direction: 'fromDevice', hex: BLANK }]);
  });

  it('a frame in pieces is held until it is whole: no piece of a value is kept', () => {
    const { put, kept, making } = recorder('spo2-cms50-5byte');
    for (const piece of ['87', '3C06', '48']) put(10, piece);
    expect(kept).toEqual([]);
    put(20, '62');
    making.end();
    expect(kept).toEqual([{ atMs: 20, direction: 'fromDevice', hex: BLANK }]);
  });

  it('a piece that ends inside of the next frame gives the whole frames and waits', () => {
    const { put, kept, making } = recorder('spo2-cms50-5byte');
    put(10, `${PACKET}${PACKET}873C`);
    put(20, '064862');
    making.end();
    expect(kept).toEqual([
      { atMs: 10, direction: 'fromDevice', hex: BLANK + BLANK },
      { atMs: 20, direction: 'fromDevice', hex: BLANK },
    ]);
  });

  it('what nobody can read is kept as a length', () => {
    const { put, kept, making } = recorder('bp-maibobo');
    put(10, 'DEADBEEF');
    put(5_000, 'AA80030301010000');
    making.end();
    expect(kept[0]).toEqual({ atMs: 10, direction: 'fromDevice', byteCount: 4 });
    expect(kept[1]).toMatchObject({ hex: 'AA80030301010000' });
  });

  it('keeps the order of the wire between the two directions', () => {
    const { put, kept, making } = recorder('bp-maibobo');
    put(1, 'AA8003', 'fromDevice');
    put(2, 'CC80030301010000', 'toDevice');
    making.end();
    expect(kept.map(({ direction }) => direction)).toEqual(['fromDevice', 'toDevice']);
  });

  it('lengths only, or plain, where that was said', () => {
    const lengths = recorder('locker-8a', 'lengths');
    lengths.put(1, '8A0101119B');
    expect(lengths.kept).toEqual([{ atMs: 1, direction: 'fromDevice', byteCount: 5 }]);
    const plain = recorder('locker-8a', 'plain');
    plain.put(1, '8A0101119B');
    expect(plain.kept).toEqual([{ atMs: 1, direction: 'fromDevice', hex: '8A0101119B' }]);
  });
});
