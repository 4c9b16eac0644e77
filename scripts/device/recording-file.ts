/** A recording: one JSON object a line. The first says what was recorded and how; each other is what passed, in order. */
import { readFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { parse } from '../../contract/check.ts';
import { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

const closed = { additionalProperties: false } as const;

export const RecordingHeader = Type.Object(
  {
    format: Type.Literal('livelihood-kiosk-recording'),
    version: Type.Literal(1),
    device: DeviceConfig,
    /** Protocols that are tried on what passed, in this order. */
    keys: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 4 }),
    /**
     * `masked`: personal fields are blanked, what no protocol could read is told by length. `lengths`: only lengths.
     * `plain`: as it passed; only where the protocol carries nothing personal.
     */
    bytes: Type.Enum(['masked', 'lengths', 'plain']),
    /** ISO 8601. */
    startedAt: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z$' }),
  },
  closed,
);
export type RecordingHeader = Static<typeof RecordingHeader>;

const Direction = Type.Enum(['toDevice', 'fromDevice']);
/** Milliseconds since the recording began. */
const AtMs = Type.Number({ minimum: 0 });
export const RecordedEntry = Type.Union([
  Type.Object({ atMs: AtMs, direction: Direction, hex: Type.String({ pattern: '^([0-9A-F]{2})+$' }) }, closed),
  Type.Object({ atMs: AtMs, direction: Direction, byteCount: Type.Integer({ minimum: 1 }) }, closed),
]);
export type RecordedEntry = Static<typeof RecordedEntry>;

export interface Recording {
  readonly header: RecordingHeader;
  readonly entries: readonly RecordedEntry[];
}

export function readRecording(file: string): Result<Recording> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return fail('kiosk.badMessage', error instanceof Error ? error.message : String(error));
  }
  const [first = '', ...rest] = text.split('\n');
  const header = parseLine(first, RecordingHeader, `${file} line 1`);
  if (!header.ok) return header;
  const entries: RecordedEntry[] = [];
  for (const [index, line] of rest.entries()) {
    if (line === '') continue;
    const entry = parseLine(line, RecordedEntry, `${file} line ${index + 2}`);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return ok({ header: header.value, entries });
}

function parseLine<Schema extends typeof RecordingHeader | typeof RecordedEntry>(
  line: string,
  schema: Schema,
  place: string,
): Result<Static<Schema>> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return fail('kiosk.badMessage', `${place}: no JSON`);
  }
  const checked = parse(schema, json);
  return checked.ok ? checked : fail('kiosk.badMessage', `${place}: ${checked.problem.detail ?? ''}`);
}
