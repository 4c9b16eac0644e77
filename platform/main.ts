/**
 * `node platform/main.ts --data DIR --port N --terminals FILE.json`
 *
 * FILE holds `[{ "id": "panyu-01", "token": "..." }]`. Prints one line, `{"ready":true,"url":"http://127.0.0.1:N"}`, and
 * ends cleanly on SIGTERM, SIGINT, and when the parent that started it goes.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Type from 'typebox';
import { parse } from '../contract/check.ts';
import { systemClock } from '../contract/clock.system.ts';
import { describeError, endWith } from '../contract/program-end.system.ts';
import type { TerminalCredential } from './http/terminal-auth.ts';
import { startPlatform } from './platform.ts';

const Terminals = Type.Array(
  Type.Object(
    {
      id: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
      token: Type.String({ pattern: '^\\S{16,256}$' }),
    },
    { additionalProperties: false },
  ),
  { minItems: 1 },
);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, port: { type: 'string' }, terminals: { type: 'string' } },
  });
  const { data, port, terminals } = values;
  if (data === undefined || port === undefined || terminals === undefined || !/^\d{1,5}$/.test(port)) {
    throw new Error('usage: node platform/main.ts --data DIR --port N --terminals FILE.json');
  }
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const platform = await startPlatform({
    databasePath: join(data, 'platform.sqlite'),
    host: '127.0.0.1',
    port: Number(port),
    terminals: readTerminals(terminals),
    clock: systemClock,
    onFault: (error) => process.stderr.write(`${describeError(error)}\n`),
  });
  endWith(() => platform.close());
  process.stdout.write(`${JSON.stringify({ ready: true, url: platform.url })}\n`);
}

function readTerminals(file: string): readonly TerminalCredential[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const terminals = parse(Terminals, content, 'kiosk.badConfig');
  if (!terminals.ok) throw new Error(`${file}: ${terminals.problem.detail ?? 'wrong'}`);
  return terminals.value;
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
