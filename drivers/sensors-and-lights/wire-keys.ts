/** Modbus for people with a line of hex. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../wire-key.ts';
import { decodePdu, encodePdu, type Pdu } from './modbus-pdu.codec.ts';
import { RtuDecoder, sealRtu, splitRtu, type ModbusFrame } from './modbus-rtu.codec.ts';
import { sealTcp, splitTcp, TcpDecoder } from './modbus-tcp.codec.ts';

export const WIRE_KEYS: readonly WireKey[] = [
  {
    key: 'modbus-rtu',
    protocol: 'Modbus RTU, Application Protocol V1.1b3 section 6 in Serial Line V1.02 2.5.1',
    decode: (bytes) => decodeWith(bytes, splitRtu),
    encode: (meaning) => encodeWith(meaning, ({ unit }, pdu) => sealRtu(unit, pdu)),
    stream: () => new RtuDecoder(),
  },
  {
    key: 'modbus-tcp',
    protocol: 'Modbus TCP, Application Protocol V1.1b3 section 6 in Messaging on TCP/IP V1.0b 3.1.3',
    decode: (bytes) => decodeWith(bytes, splitTcp),
    encode: (meaning) => encodeWith(meaning, ({ unit, transaction }, pdu) => sealTcp(transaction ?? 0, unit, pdu)),
    stream: () => new TcpDecoder(),
  },
];

/** One frame gives its meaning, several give a list. A frame with two readings has them under `readings`. */
function decodeWith(bytes: Uint8Array, split: (bytes: Uint8Array) => Result<readonly ModbusFrame[]>): Result<Meaning> {
  if (bytes.length === 0) return fail('device.garbage', 'byte 0: no frame');
  const frames = split(bytes);
  if (!frames.ok) return frames;
  const meanings = frames.value.map(meaningOf);
  return ok(meanings.length === 1 ? (meanings[0] ?? null) : meanings);
}

function meaningOf({ unit, transaction, pdu }: ModbusFrame): Meaning {
  const readings = decodePdu(pdu);
  const head = transaction === undefined ? { unit } : { transaction, unit };
  if (!readings.ok) return head;
  const [only] = readings.value;
  return readings.value.length === 1
    ? { ...head, ...only }
    : { ...head, readings: readings.value.map((each) => ({ ...each })) };
}

interface Head {
  readonly unit: number;
  readonly transaction?: number;
}

function encodeWith(meaning: unknown, seal: (head: Head, pdu: Uint8Array) => Uint8Array): Result<Uint8Array> {
  const frames: Uint8Array[] = [];
  const list: readonly unknown[] = Array.isArray(meaning) ? meaning : [meaning];
  for (const entry of list) {
    if (!isFrame(entry)) return fail('device.garbage', 'a frame has a unit and a function');
    // Readings of one frame are the same bytes.
    const pdu = encodePdu(entry.readings?.[0] ?? entry);
    if (!pdu.ok) return pdu;
    frames.push(seal(entry, pdu.value));
  }
  return ok(Uint8Array.from(Buffer.concat(frames)));
}

function isFrame(value: unknown): value is Head & Pdu & { readonly readings?: readonly Pdu[] } {
  return typeof value === 'object' && value !== null && 'unit' in value && ('function' in value || 'readings' in value);
}
