/**
 * `node platform/main.ts --data DIR --port N [--database URL] [--keys FILE.json] [--terminals FILE.json]`
 *
 * `--database postgres://...` keeps everything on that server, before which any number of platforms may stand; without it, in
 * an SQLite file in DIR.
 *
 * The keys of the platform lie in `DIR/platform-keys.json` unless told; they are made when there are none. The file of
 * terminals names those whose public keys are known beforehand (`EnrolledTerminal`); all others are enrolled. Prints one line, `{"ready":true,"url":"http://127.0.0.1:N"}`, and
 * ends cleanly on SIGTERM, SIGINT, and when the parent that started it goes.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Type from 'typebox';
import { parse } from '../contract/check.ts';
import { systemChance, systemClock } from '../contract/clock.system.ts';
import { describeError, endWith } from '../contract/program-end.system.ts';
import { EnrolledTerminal } from '../contract/enrolment.schema.ts';
import { startPlatform } from './platform.ts';
import { openKeyFile } from './trust/key-file.system.ts';

const Terminals = Type.Array(EnrolledTerminal);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      database: { type: 'string' },
      keys: { type: 'string' },
      terminals: { type: 'string' },
    },
  });
  const { data, port, terminals } = values;
  if (data === undefined || port === undefined || !/^\d{1,5}$/.test(port)) {
    throw new Error(
      'usage: node platform/main.ts --data DIR --port N [--database URL] [--keys FILE.json] [--terminals FILE.json]',
    );
  }
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const platform = await startPlatform({
    databasePath: values.database ?? join(data, 'platform.sqlite'),
    host: '127.0.0.1',
    port: Number(port),
    keys: openKeyFile(values.keys ?? join(data, 'platform-keys.json'), systemChance),
    terminals: terminals === undefined ? [] : readTerminals(terminals),
    clock: systemClock,
    chance: systemChance,
    onFault: (error) => process.stderr.write(`${describeError(error)}\n`),
    // whatever it would do now could be lost: whoever runs it starts it again, and terminals send what was not acknowledged
    onLost: (error) => {
      process.stderr.write(`${describeError(error)}\n`);
      process.exit(1);
    },
  });
  endWith(() => platform.close());
  process.stdout.write(`${JSON.stringify({ ready: true, url: platform.url })}\n`);
}

function readTerminals(file: string): readonly EnrolledTerminal[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const terminals = parse(Terminals, content, 'kiosk.badConfig');
  if (!terminals.ok) throw new Error(`${file}: ${terminals.problem.detail ?? 'wrong'}`);
  return terminals.value;
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
