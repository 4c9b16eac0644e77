/** The hash rule of the two chains: each link is over the hash before it and the canonical text of what it adds. */
import { hash } from 'node:crypto';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';

/** Hash before the first record of a chain. */
export const ZERO_HASH = '0'.repeat(64);

/** JSON with the keys of every object sorted by UTF-16 code unit, no spaces, absent values left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** SHA-256, lower-case hex, over the UTF-8 of `prevHash` (hex) followed by `text`. */
export function chainHash(prevHash: string, text: string): string {
  return hash('sha256', prevHash + text, 'hex');
}

/** Hash of an outbox record; the platform checks the same rule. */
export function recordHash(prevHash: string, event: TerminalEvent): string {
  return chainHash(prevHash, canonicalJson(event));
}
