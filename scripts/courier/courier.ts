/** The three errands of the courier. Each says what it did, or what is wrong and what to do about it; exit codes as in sysexits.h. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from '../../contract/check.ts';
import { CourierReceipt } from '../../contract/courier.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { PlatformError } from '../../contract/platform-api.schema.ts';
import { confirmReceipt } from '../../engine/courier/confirm-receipt.ts';
import { exportBundle } from '../../engine/courier/export-bundle.ts';
import { auditEvent } from '../../engine/ledger/audit-event.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import { openIdentity } from '../../engine/trust/enrolment.ts';
import { identityFile } from '../../engine/trust/identity-file.system.ts';
import { nodeCrypto } from '../../engine/trust/node-crypto.ts';
import type { TerminalIdentity } from '../../engine/trust/terminal-identity.ts';
import { EXIT, sayProblem, type ErrandSurroundings } from '../errands/errand.ts';

const USAGE = `usage: npm run courier -- export FILE              on the terminal, its kiosk stopped
       npm run courier -- import FILE RECEIPT --platform URL
       npm run courier -- confirm RECEIPT          on the terminal again, its kiosk stopped
  --data DIR       where the kiosk keeps everything (default: .data)
  --records DIR    where the black box lies, when not there
  --identity FILE  when not identity.json there`;

/** Where the terminal keeps what is needed. */
interface Places {
  readonly data: string;
  readonly records?: string;
  readonly identity?: string;
}

export async function courier(argv: readonly string[], around: ErrandSurroundings): Promise<number> {
  const given = readArguments(argv);
  if (!given) {
    around.say(USAGE);
    return EXIT.usage;
  }
  const ended = await given(around);
  if (ended.ok) {
    around.say(ended.value);
    return EXIT.done;
  }
  sayProblem(around, ended.problem);
  return EXIT.refused;
}

type Errand = (around: ErrandSurroundings) => Promise<Result<string>>;

function readArguments(argv: readonly string[]): Errand | undefined {
  try {
    const text = { type: 'string' } as const;
    const options = { data: text, records: text, identity: text, platform: text };
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const [errand, file, receipt] = positionals;
    const places = { data: '.data', ...values };
    if (file === undefined) return undefined;
    if (errand === 'export') return exportErrand(places, file);
    if (errand === 'confirm') return confirmErrand(places, file);
    const { platform } = values;
    if (errand === 'import' && receipt !== undefined && platform !== undefined)
      return (around) => importErrand(around, platform, file, receipt);
  } catch {
    return undefined; // an option nobody knows
  }
  return undefined;
}

function exportErrand(places: Places, out: string): Errand {
  return (around) =>
    onTerminal(around, places, async (ledger, identity) => {
      // Written first, so that it travels with the bundle.
      const noted = ledger.record([auditEvent(around.clock, 'courier.exported', 'to a file')], 'audit');
      if (!noted.ok) return noted;
      const nowMs = around.clock.wallMs();
      const { bundle, records } = await exportBundle({ ledger, identity, chance: around.chance, nowMs });
      writeWhole(out, JSON.stringify(bundle));
      return ok(`${records} records of ${identity.terminal} are in ${out}, readable by the platform only.`);
    });
}

function confirmErrand(places: Places, from: string): Errand {
  return (around) =>
    onTerminal(around, places, async (ledger, identity) => {
      const file = readJson(from);
      if (!file.ok) return file;
      const confirmed = confirmReceipt(ledger, identity, file.value);
      if (!confirmed.ok) return confirmed;
      const { records, stopped } = confirmed.value;
      if (records > 0) {
        const noted = ledger.record([auditEvent(around.clock, 'courier.confirmed', `${records} records`)], 'audit');
        if (!noted.ok) return noted;
      }
      const rest = stopped.map(({ stream, why }) => ` The stream ${stream} stopped: ${why}.`).join('');
      return ok(`${records} more records are known to be at the platform.${rest}`);
    });
}

async function importErrand(
  around: ErrandSurroundings,
  url: string,
  from: string,
  out: string,
): Promise<Result<string>> {
  const file = readJson(from);
  if (!file.ok) return file;
  const response = await ask(around, `${url}/v1/ops/courier`, file.value);
  if (!response.ok) return response;
  const { status, body } = response.value;
  if (status !== 200) {
    const error = parse(PlatformError, body);
    return fail('courier.refused', error.ok ? `${error.value.code}: ${error.value.message}` : `http ${status}`);
  }
  const receipt = parse(CourierReceipt, body, 'platform.badAnswer');
  if (!receipt.ok) return receipt;
  writeWhole(out, JSON.stringify(receipt.value));
  return ok(`The platform has it. Carry ${out} back to the terminal.`);
}

async function ask(
  { fetch }: ErrandSurroundings,
  url: string,
  content: unknown,
): Promise<Result<{ readonly status: number; readonly body: unknown }>> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(content) });
    return ok({ status: response.status, body: (await response.json()) as unknown });
  } catch {
    return fail('platform.offline', url); // whatever the network says: nothing was taken that cannot be sent again
  }
}

async function onTerminal(
  around: ErrandSurroundings,
  { data, records = data, identity: identityPath = join(data, 'identity.json') }: Places,
  errand: (ledger: Ledger, identity: TerminalIdentity) => Promise<Result<string>>,
): Promise<Result<string>> {
  const { clock, chance, fetch } = around;
  const known = { store: identityFile(identityPath), provider: nodeCrypto, clock, chance, fetch };
  const identity = await openIdentity({ ...known, baseUrl: '', station: '', code: undefined });
  if (!identity.ok) return identity;
  const blackBoxPath = join(records, 'black-box.log');
  const ledger = openLedger({ path: join(data, 'ledger.db'), blackBoxPath, clock, chance });
  if (!ledger.ok) return ledger;
  try {
    return await errand(ledger.value, identity.value);
  } finally {
    ledger.value.close();
  }
}

/** A stick that is pulled out half way holds no half file under this name. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.part`, path);
}

function readJson(path: string): Result<unknown> {
  try {
    return ok(JSON.parse(readFileSync(path, 'utf8')) as unknown);
  } catch (error) {
    return fail(
      'courier.refused',
      error instanceof SyntaxError ? `${path} is cut off or damaged` : `${path} cannot be read`,
    );
  }
}
