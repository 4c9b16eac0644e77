/** The terminal's name and secret, made once per data directory. Both files can be read by their owner only. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const Credential = Type.Object(
  {
    terminal: Type.String({ pattern: '^[a-zA-Z0-9-]{1,40}$' }),
    token: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  },
  { additionalProperties: false },
);
type Credential = Static<typeof Credential>;

export interface CredentialFiles {
  /** For the platform: `[{ id, token }]`. */
  readonly terminalsFile: string;
  /** For the host: `{ terminal, token }`. */
  readonly tokenFile: string;
}

const OWNER_ONLY = 0o600;

export function ensureCredential(dataDir: string, site: string): CredentialFiles {
  const files = { terminalsFile: join(dataDir, 'terminals.json'), tokenFile: join(dataDir, 'terminal.json') };
  const credential = read(files.tokenFile) ?? { terminal: `${site}-01`, token: randomBytes(32).toString('base64url') };
  write(files.tokenFile, credential);
  write(files.terminalsFile, [{ id: credential.terminal, token: credential.token }]);
  return files;
}

function read(file: string): Credential | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Value.Check(Credential, content) ? content : undefined;
  } catch {
    return undefined; // first start, or not ours: a new one is made
  }
}

function write(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: OWNER_ONLY });
  chmodSync(file, OWNER_ONLY); // the mode above only counts for a new file
}
