/** Raster pictures: too large to be read by a person, so size and a short hash; small ones whole, too. */
import { createHash } from 'node:crypto';
import { bad, bytesOf, CUT_SHORT, hexOf, type Facts, type Part, type Reading } from './wire-part.codec.ts';

/** Up to here the data stands in the meaning, so that it can be written back. */
const SHOWN_BYTES = 64;
const SCALES = ['x1', 'double width', 'double height', 'double both'] as const;

/** `m xL xH yL yH data` of GS v 0, or with another head between m and data (Star: `1 xL xH yL yH 0`). */
export function picture(layout: 'epson' | 'star'): Part {
  const headBytes = layout === 'epson' ? 5 : 6;
  return {
    read(bytes) {
      const [m] = bytes;
      if (bytes.length < headBytes || m === undefined) return CUT_SHORT;
      const scale = layout === 'epson' ? SCALES[m % 48] : starScale(m, bytes[5]);
      if (scale === undefined) return bad(`no picture mode ${m}`);
      const size = new DataView(bytes.buffer, bytes.byteOffset + 1, 4);
      const widthBytes = size.getUint16(0, true);
      const heightDots = size.getUint16(2, true);
      return readData(
        bytes,
        headBytes,
        { widthBytes, heightDots },
        { scale, ...(m >= 48 && { digitParameter: true }) },
      );
    },
    write: (facts) => writePicture(layout, facts),
  };
}

/** Star knows one mode, and ends its head with a zero. */
function starScale(m: number, end: number | undefined): string | undefined {
  return m === 1 && end === 0 ? 'x1' : undefined;
}

interface Size {
  readonly widthBytes: number;
  readonly heightDots: number;
}

function readData(bytes: Uint8Array, headBytes: number, size: Size, facts: Facts): Reading {
  const length = size.widthBytes * size.heightDots;
  if (length === 0) return bad('a picture without dots');
  const data = bytes.subarray(headBytes, headBytes + length);
  if (data.length < length) return CUT_SHORT;
  return {
    length: headBytes + length,
    facts: {
      ...facts,
      widthDots: size.widthBytes * 8,
      heightDots: size.heightDots,
      dataBytes: length,
      sha8: createHash('sha256').update(data).digest('hex').slice(0, 8),
      ...(length <= SHOWN_BYTES && { dataHex: hexOf(data) }),
    },
  };
}

function writePicture(layout: 'epson' | 'star', facts: Facts): Uint8Array | undefined {
  const { scale, widthDots, heightDots, dataHex, digitParameter } = facts;
  if (typeof widthDots !== 'number' || typeof heightDots !== 'number' || typeof dataHex !== 'string') return undefined;
  const mode = SCALES.findIndex((word) => word === scale);
  const data = bytesOf(dataHex);
  const widthBytes = widthDots / 8;
  if (mode < 0 || data.length !== widthBytes * heightDots) return undefined;
  const size = [widthBytes & 0xff, widthBytes >> 8, heightDots & 0xff, heightDots >> 8];
  const head = layout === 'epson' ? [mode + (digitParameter === true ? 48 : 0), ...size] : [1, ...size, 0];
  return Uint8Array.of(...head, ...data);
}
