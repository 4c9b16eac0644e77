/** A link as a technician types it: `tcp:127.0.0.1:9100`, `serial:/dev/ttyUSB0:19200:odd`, `pcsc`, `hid:0590:0028`. */
import { LinkConfig } from '../../contract/devices/device-config.schema.ts';
import { parse } from '../../contract/check.ts';
import { fail, type Result } from '../../contract/outcome.schema.ts';

type Reading = (match: readonly string[]) => unknown;

const FORMS: readonly (readonly [form: RegExp, read: Reading])[] = [
  [/^tcp:([^:]+):(\d+)$/, ([host, port]) => ({ kind: 'tcp', host, port: Number(port) })],
  [
    /^serial:([^:]+):(\d+)(?::(none|odd|even))?$/,
    ([path, baudRate, parity]) => ({ kind: 'serial', path, baudRate: Number(baudRate), ...(parity ? { parity } : {}) }),
  ],
  [/^pcsc(?::(.+))?$/, ([reader]) => ({ kind: 'pcsc', ...(reader ? { reader } : {}) })],
  [
    /^hid:([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})(?::(.+))?$/,
    ([vendor = '', product = '', serialNumber]) => ({
      kind: 'hid',
      vendorId: Number.parseInt(vendor, 16),
      productId: Number.parseInt(product, 16),
      ...(serialNumber ? { serialNumber } : {}),
    }),
  ],
  [/^(ipps?:\/\/.+)$/, ([uri]) => ({ kind: 'ipp', uri })],
  [/^usb-printer:(.+)$/, ([path]) => ({ kind: 'usb-printer', path })],
  [/^nut:([^@]+)@([^:]+):(\d+)$/, ([ups, host, port]) => ({ kind: 'nut', ups, host, port: Number(port) })],
  [/^vpcd:(\d+)$/, ([port]) => ({ kind: 'vpcd', port: Number(port) })],
];

export function readLink(text: string): Result<LinkConfig> {
  for (const [form, read] of FORMS) {
    const match = form.exec(text);
    if (!match) continue;
    const link = parse(LinkConfig, read(match.slice(1)), 'kiosk.badConfig');
    return link.ok ? link : fail('kiosk.badConfig', `--link ${text}: ${link.problem.detail ?? ''}`);
  }
  return fail(
    'kiosk.badConfig',
    `--link ${text} is none of the forms: tcp:HOST:PORT, serial:PATH:BAUD, hid:VID:PID, ...`,
  );
}

/** The same form back, for tables. */
export function writeLink(link: LinkConfig): string {
  switch (link.kind) {
    case 'tcp':
      return `tcp:${link.host}:${link.port}`;
    case 'serial':
      return `serial:${link.path}:${link.baudRate}${link.parity ? `:${link.parity}` : ''}`;
    case 'pcsc':
      return link.reader === undefined ? 'pcsc' : `pcsc:${link.reader}`;
    case 'hid': {
      const ids = [link.vendorId, link.productId].map((id) => id.toString(16).padStart(4, '0'));
      return ['hid', ...ids, ...(link.serialNumber === undefined ? [] : [link.serialNumber])].join(':');
    }
    case 'ipp':
      return link.uri;
    case 'usb-printer':
      return `usb-printer:${link.path}`;
    case 'nut':
      return `nut:${link.ups}@${link.host}:${link.port}`;
    case 'vpcd':
      return `vpcd:${link.port}`;
  }
}
