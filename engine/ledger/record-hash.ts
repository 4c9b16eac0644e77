/** The hash rule of the two chains: each link is over the hash before it and the canonical text of what it adds. */
import { hash } from 'node:crypto';
import type { StreamEvent } from '../../contract/terminal-event.schema.ts';

/** Hash before the first record of a chain. */
export const ZERO_HASH = '0'.repeat(64);

/** JSON with the keys of every object sorted by UTF-16 code unit, no spaces, absent values left out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  let text = '';
  let lead = '{';
  for (const { key, quoted } of shapeOf(Object.keys(value)).sorted) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    text += lead + quoted + canonicalJson(member);
    lead = ',';
  }
  return text === '' ? '{}' : text + '}';
}

interface Shape {
  readonly keys: readonly string[];
  /** `quoted`: `"key":`. */
  readonly sorted: readonly { readonly key: string; readonly quoted: string }[];
}

/** Records have few shapes: their keys are sorted and quoted once. Bounded, because forms may have any. */
const SHAPES = new Map<string, Shape>();
const MOST_SHAPES = 500;

function shapeOf(keys: readonly string[]): Shape {
  const name = keys.join();
  const known = SHAPES.get(name);
  // a key may hold a comma: then two shapes have one name
  if (known?.keys.length === keys.length && known.keys.every((key, index) => key === keys[index])) return known;
  const sorted = [...keys].sort().map((key) => ({ key, quoted: `${JSON.stringify(key)}:` }));
  const shape = { keys, sorted };
  if (SHAPES.size >= MOST_SHAPES) SHAPES.clear();
  SHAPES.set(name, shape);
  return shape;
}

/** SHA-256, lower-case hex, over the UTF-8 of `prevHash` (hex) followed by `text`. */
export function chainHash(prevHash: string, text: string): string {
  return hash('sha256', prevHash + text, 'hex');
}

/** Hash of a stream's record; the platform checks the same rule. */
export function recordHash(prevHash: string, event: StreamEvent): string {
  return chainHash(prevHash, canonicalJson(event));
}
