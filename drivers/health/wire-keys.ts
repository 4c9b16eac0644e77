import type { WireKey } from '../wire-key.ts';
import { decodeBleBp, encodeBleBp, maskBleBp } from './ble-bp.codec.ts';
import { decodeBleWeight, encodeBleWeight, maskBleWeight } from './ble-weight.codec.ts';
import { decodeNew, encodeNew, maskNew, NewCms50Decoder } from './cms50-new.codec.ts';
import { decodeOld, encodeOld, maskOld, OldCms50Decoder } from './cms50-old.codec.ts';
import { decodeGateway, encodeGateway, GatewayDecoder, maskGateway } from './gateway.codec.ts';
import { decodeMaibobo, encodeMaibobo, MaiboboDecoder, maskMaibobo } from './maibobo.codec.ts';
import { decodeNibp, encodeNibp, maskNibp, NibpDecoder } from './nibp-ascii.codec.ts';
import { decodeOmron, encodeOmron, maskOmron } from './omron-reports.codec.ts';

export const WIRE_KEYS: readonly WireKey[] = [
  {
    key: 'spo2-cms50-5byte',
    protocol: 'Contec CMS50, old five-byte stream (7.1)',
    decode: decodeOld,
    encode: encodeOld,
    mask: (_direction, bytes) => maskOld(bytes),
    stream: () => new OldCms50Decoder(),
  },
  {
    key: 'spo2-cms50-9byte',
    protocol: 'Contec CMS50D+ firmware 4.6, nine-byte packets (7.2)',
    decode: decodeNew,
    encode: encodeNew,
    mask: (_direction, bytes) => maskNew(bytes),
    stream: () => new NewCms50Decoder(),
  },
  {
    key: 'bp-omron-hid',
    protocol: 'Omron 790IT over USB HID, messages or reports (7.3)',
    decode: decodeOmron,
    encode: encodeOmron,
    mask: (_direction, bytes) => maskOmron(bytes),
  },
  {
    key: 'bp-maibobo',
    protocol: 'Maibobo cuff tunnel monitor, low confidence (7.4)',
    decode: decodeMaibobo,
    encode: encodeMaibobo,
    mask: (_direction, bytes) => maskMaibobo(bytes),
    stream: () => new MaiboboDecoder(),
  },
  {
    key: 'bp-suntech',
    protocol: 'SunTech/NIBP ASCII frames (7.4)',
    decode: decodeNibp,
    encode: encodeNibp,
    mask: (_direction, bytes) => maskNibp(bytes),
    stream: () => new NibpDecoder(),
  },
  {
    key: 'ble-bp',
    protocol: 'Bluetooth blood pressure, value of characteristic 2A35 (7.5)',
    decode: decodeBleBp,
    encode: encodeBleBp,
    mask: (_direction, bytes) => maskBleBp(bytes),
  },
  {
    key: 'ble-weight',
    protocol: 'Bluetooth weight, value of characteristic 2A9D (7.5)',
    decode: decodeBleWeight,
    encode: encodeBleWeight,
    mask: (_direction, bytes) => maskBleWeight(bytes),
  },
  {
    key: 'health-gateway',
    protocol: 'our framing around indications and HID reports (drivers/health/README.md)',
    decode: decodeGateway,
    encode: encodeGateway,
    mask: (_direction, bytes) => maskGateway(bytes),
    stream: () => new GatewayDecoder(),
  },
];
