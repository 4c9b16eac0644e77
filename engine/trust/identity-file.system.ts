/**
 * The terminal's identity on disk: one file, readable by its user alone, replaced as a whole. It is written before a key is
 * told to anybody, so that a terminal that loses its power in the middle goes on with the keys the platform may know already.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '../ledger/black-box.ts';
import Type, { type Static } from 'typebox';
import { parse } from '../../contract/check.ts';
import { PlatformKeys, TerminalId } from '../../contract/enrolment.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

const closed = { additionalProperties: false } as const;
const SavedKeys = Type.Object(
  { signing: Type.String({ minLength: 1 }), agreement: Type.String({ minLength: 1 }) },
  closed,
);

export const IdentityRecord = Type.Object(
  {
    suite: Type.Literal('ed25519-x25519-sha256-aes256gcm'),
    keys: SavedKeys,
    /** Absent until the platform has answered. */
    enrolled: Type.Optional(
      Type.Object(
        {
          terminal: TerminalId,
          platform: PlatformKeys,
          /** Platform wall time at which these keys became the terminal's. */
          keysSinceMs: Type.Integer(),
        },
        closed,
      ),
    ),
    /** Keys that are being exchanged for the ones above. */
    next: Type.Optional(SavedKeys),
  },
  closed,
);
export type IdentityRecord = Static<typeof IdentityRecord>;

export interface IdentityStore {
  /** Undefined when there is none; `kiosk.badConfig` when the file is not an identity: nothing is made in its place. */
  read(): Result<IdentityRecord | undefined>;
  /** Durable when it is ok; else `ledger.unsafe` with what the disk said, and what was there before. */
  write(record: IdentityRecord): Result<undefined>;
}

export function identityFile(path: string): IdentityStore {
  return {
    read() {
      const text = readIfThere(path);
      if (text === undefined) return ok(undefined);
      const record = parse(IdentityRecord, parseJson(text), 'kiosk.badConfig');
      return record.ok ? record : fail('kiosk.badConfig', `${path}: ${record.problem.detail ?? ''}`);
    },
    write(record) {
      try {
        replace(path, `${JSON.stringify(record)}\n`);
        return ok(undefined);
      } catch (error) {
        return fail('ledger.unsafe', `${path}: ${codeOf(error) ?? String(error)}`);
      }
    },
  };
}

function replace(path: string, text: string): void {
  const next = `${path}.new`;
  const file = openSync(next, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
  syncDirectory(dirname(path));
}

/** The code a technician was given: typed into a file that only the kiosk's user can read. */
export function readCodeFile(path: string): string | undefined {
  return readIfThere(path)?.trim();
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
