/** The command line of `npm start`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly dataDir: string;
  readonly site: string;
  readonly platformPort: string;
  readonly withBrowser: boolean;
}

export const USAGE = `usage: npm start -- [--data DIR] [--site ID] [--platform-port N] [--no-browser]
  --data DIR         where everything is kept (default: .data)
  --site ID          the station to be (default: demo-village)
  --platform-port N  a fixed port for the platform (default: any free one)
  --no-browser       open no window; the address is printed`;

/** A string is what was wrong, or the usage when it was asked for. */
export function readOptions(argv: readonly string[], root: string): StartOptions | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string', default: resolve(root, '.data') },
        site: { type: 'string', default: 'demo-village' },
        'platform-port': { type: 'string', default: '0' },
        'no-browser': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return USAGE;
    if (!/^[a-z][a-z0-9-]{0,35}$/.test(values.site)) return `--site ${values.site} is no site id\n${USAGE}`;
    const port = values['platform-port'];
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--platform-port ${port} is no port\n${USAGE}`;
    return {
      dataDir: resolve(values.data),
      site: values.site,
      platformPort: port,
      withBrowser: !values['no-browser'],
    };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
