/** A whole list of frames at once: one line of JSON a frame, in order; a bad one is a line like the others. */
import { readFileSync } from 'node:fs';
import { fail, ok, problem, type Result } from '../../contract/outcome.schema.ts';
import { decodeHex, tellProblem } from './decode.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { typed, type Say } from './output.ts';

/** `[{ device, name, hex, ... }]` or `{ device?, frames: [...] }`. Well when the file could be read, whatever stood in it. */
export function tellBatch(file: string, say: Say): ExitCode {
  const frames = readFrames(file);
  if (!frames.ok) return tellProblem(frames.problem, say);
  for (const frame of frames.value) say(JSON.stringify(lineOf(frame)));
  return EXIT.well;
}

interface BatchFrame {
  readonly entry: unknown;
  /** Of the file, for entries that name none. */
  readonly device: unknown;
}

function readFrames(file: string): Result<readonly BatchFrame[]> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail('kiosk.badMessage', `${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const frames = Array.isArray(content) ? content : fieldOf(content, 'frames');
  if (!Array.isArray(frames)) return fail('kiosk.badMessage', `${file}: neither a list nor { "frames": [...] }`);
  const device = Array.isArray(content) ? undefined : fieldOf(content, 'device');
  return ok((frames as unknown[]).map((entry) => ({ entry, device })));
}

function lineOf({ entry, device: ofFile }: BatchFrame): object {
  const device = textOr(fieldOf(entry, 'device') ?? ofFile);
  const name = textOr(fieldOf(entry, 'name'));
  const hex = fieldOf(entry, 'hex');
  if (device === null || typeof hex !== 'string') {
    const why = problem('kiosk.badMessage', 'an entry needs a text "device" and a text "hex"');
    return { device, name, ok: false, problem: typed(why) };
  }
  const decoded = decodeHex(device, hex);
  return decoded.ok
    ? { device, name, ok: true, meaning: decoded.value }
    : { device, name, ok: false, problem: typed(decoded.problem) };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
