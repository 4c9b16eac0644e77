/** Hex to meaning and back, for programs: JSON on stdout whatever comes in. */
import { fail, ok, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../../drivers/wire-key.ts';
import { WIRE_KEYS, wireKey } from '../../drivers/wire-keys.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { typed, type Say } from './output.ts';

export function decodeHex(key: string, hex: string): Result<Meaning> {
  const codec = codecOf(key);
  if (!codec.ok) return codec;
  const bytes = bytesOf(hex);
  if (!bytes.ok) return bytes;
  return guarded(key, () => codec.value.decode(bytes.value));
}

/** A codec never throws; one that does is a fault of ours, and the next frame is still read. */
function guarded<Value>(key: string, act: () => Result<Value>): Result<Value> {
  try {
    return act();
  } catch (error) {
    return fail('device.garbage', `the codec ${key} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function codecOf(key: string): Result<WireKey> {
  const codec = wireKey(key);
  if (codec) return ok(codec);
  return fail(
    'kiosk.badMessage',
    `no protocol ${key.slice(0, 40)}; known: ${WIRE_KEYS.map((one) => one.key).join(' ')}`,
  );
}

/** Spaces are let through; capital or small. */
function bytesOf(text: string): Result<Uint8Array> {
  const hex = text.replaceAll(/\s/g, '');
  const wrong = hex.search(/[^0-9a-fA-F]/);
  if (wrong >= 0) return fail('kiosk.badMessage', `character ${wrong} is no hex digit`);
  if (hex.length === 0) return fail('kiosk.badMessage', 'no hex digits');
  if (hex.length % 2 === 1) return fail('kiosk.badMessage', `${hex.length} hex digits: half a byte is missing`);
  return ok(Uint8Array.from(Buffer.from(hex, 'hex')));
}

export function tellDecoded(key: string, hex: string, say: Say): ExitCode {
  const decoded = decodeHex(key, hex);
  return decoded.ok ? tell(decoded.value, say) : tellProblem(decoded.problem, say);
}

export function tellEncoded(key: string, json: string, say: Say): ExitCode {
  const encoded = encodeJson(key, json);
  if (!encoded.ok) return tellProblem(encoded.problem, say);
  say(Buffer.from(encoded.value).toString('hex').toUpperCase());
  return EXIT.well;
}

function encodeJson(key: string, json: string): Result<Uint8Array> {
  const codec = codecOf(key);
  if (!codec.ok) return codec;
  const { encode } = codec.value;
  if (!encode) return fail('kiosk.badMessage', `${key} only comes in: it cannot be encoded`);
  let meaning: unknown;
  try {
    meaning = JSON.parse(json);
  } catch (error) {
    return fail('kiosk.badMessage', error instanceof Error ? error.message : String(error));
  }
  return guarded(key, () => encode(meaning));
}

function tell(value: Meaning, say: Say): ExitCode {
  say(JSON.stringify(value));
  return EXIT.well;
}

export function tellProblem(problem: Problem, say: Say): ExitCode {
  say(JSON.stringify({ problem: typed(problem) }));
  return problem.code === 'kiosk.badConfig' ? EXIT.badConfig : EXIT.notWell;
}
