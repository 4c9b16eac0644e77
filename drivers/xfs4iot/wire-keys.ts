import type { WireKey } from '../wire-key.ts';
import { decodeXfs, encodeXfs, maskXfs } from './xfs4iot.codec.ts';

export const WIRE_KEYS: readonly WireKey[] = [
  {
    key: 'xfs4iot',
    protocol: 'XFS4IoT message envelope, JSON text (8.1 to 8.4)',
    decode: decodeXfs,
    encode: encodeXfs,
    mask: (_direction, bytes) => maskXfs(bytes),
  },
];
