/**
 * Scanners as the conformance suite tries them. Neither HID-POS nor a serial line protects its bytes: one wrong bit gives
 * another code, and no driver can know. So replies are only checked for being codes; the signature in the code is what
 * protects whoever acts on it.
 */
import { parse } from '../../../contract/check.ts';
import { ScannerReply } from '../../../contract/devices/scanner.schema.ts';
import type { Clock } from '../../../contract/clock.ts';
import type { ByteLink } from '../../link/byte-link.ts';
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject, type ConformanceTask } from '../../testing/conformance/subject.ts';
import { scannerModel, type ScannerModelName } from '../scanner-models.ts';
import { ScannerDriver } from '../scanner.driver.ts';
import { ScannerSimulator, type Speech } from '../simulator/scanner.simulator.ts';

const KINDS: readonly { readonly model: ScannerModelName; readonly speech: Speech }[] = [
  { model: 'honeywell-hidpos', speech: 'honeywell' },
  { model: 'newland-hidpos', speech: 'newland' },
  { model: 'hidpos-report-01', speech: 'report-01' },
  { model: 'serial', speech: 'serial' },
];
/** From holding a code up to the beep. */
const READ_MS = 60;
const LONG_CODE = Buffer.from(`LK1.${'A1b2C3d4'.repeat(30)}`);

export const SUBJECTS: readonly ConformanceSubject[] = KINDS.map(({ model, speech }) =>
  subject<ScannerSimulator>({
    name: `scanner ${model}`,
    openDriver: (link, clock) => openDriver(model, link, clock),
    openDevice: ({ clock, chance }) => new ScannerSimulator({ clock, chance, speech, readMs: READ_MS }),
    tasks: [
      scan('reads a short code', Buffer.from('A012-20240501')),
      scan('reads a code of several reports', LONG_CODE),
    ],
    noticeMs: 5_000,
    noHeartbeat: true,
  }),
);

function openDriver(name: ScannerModelName, link: ByteLink, clock: Clock): AnyDriver {
  const model = scannerModel(name);
  if (!model) throw new Error(`no model ${name}`);
  return new ScannerDriver({ id: 'scanner', model, link, clock }) as AnyDriver;
}

function scan(name: string, code: Uint8Array): ConformanceTask<ScannerSimulator> {
  return {
    name,
    command: { kind: 'scan' },
    budgetMs: 10_000,
    variable: true,
    prepare: (scanner) => scanner.holdUp(code),
    check: (reply) => {
      const parsed = parse(ScannerReply, reply);
      if (!parsed.ok) throw new Error(parsed.problem.detail);
    },
  };
}
