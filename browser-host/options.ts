/** The command line of the browser host. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../contract/outcome.schema.ts';

export interface BrowserHostArguments {
  readonly dataDir: string;
  readonly withBrowser: boolean;
  readonly port: number;
  readonly telephone: string;
  readonly rendererDir: string;
  readonly engineEntry: string;
  /** Handed to the engine as they are. */
  readonly engineArgs: readonly string[];
}

const ROOT = resolve(import.meta.dirname, '..');
/** The public-service hotline of every Chinese city. */
const DEFAULT_TELEPHONE = '12345';

export const USAGE =
  'usage: node browser-host/main.ts --site ID --data DIR --platform URL [--identity FILE] [--records DIR] [--config DIR] [--no-browser] [--port N] [--telephone N]\n';

export function readArguments(argv: readonly string[]): Result<BrowserHostArguments> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        site: { type: 'string' },
        config: { type: 'string' },
        data: { type: 'string' },
        platform: { type: 'string' },
        identity: { type: 'string' },
        records: { type: 'string' },
        'no-browser': { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        telephone: { type: 'string', default: DEFAULT_TELEPHONE },
        renderer: { type: 'string', default: resolve(ROOT, 'dist', 'renderer') },
        engine: { type: 'string', default: resolve(ROOT, 'engine', 'main.ts') },
      },
    });
    const port = Number(values.port);
    if (values.data === undefined) return fail('kiosk.badConfig', '--data is missing');
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return fail('kiosk.badConfig', '--port is no port');
    const dataDir = resolve(values.data);
    const forEngine = {
      site: values.site,
      config: values.config,
      data: dataDir,
      platform: values.platform,
      identity: values.identity,
      records: values.records,
    };
    const engineArgs = Object.entries(forEngine).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    );
    return ok({
      dataDir,
      withBrowser: !values['no-browser'],
      port,
      telephone: values.telephone,
      rendererDir: resolve(values.renderer),
      engineEntry: resolve(values.engine),
      engineArgs,
    });
  } catch (error) {
    return fail('kiosk.badConfig', error instanceof Error ? error.message : String(error));
  }
}
