import { describe, expect, it } from 'vitest';
import type { DeviceClass, DeviceStatus } from '../../contract/driver.ts';
import { demoConfig } from '../../tests/support/flow-bench.ts';
import { needsOf, standingOf, type ServiceNeeds, type StationNow } from './service-standing.ts';

const { services } = demoConfig();
const SOUND: StationNow = {
  device: () => ({ device: 'online', paper: 'full' }),
  online: true,
  suspended: false,
  closedFor: undefined,
  moneyInDoubt: false,
  paperInDoubt: false,
  ticketsLeft: () => 40,
  budgetUsedUp: false,
  expiredDocuments: [],
};
const ALONE: StationNow = { ...SOUND, online: false };
/** A form that is handed in to an office; the catalogue has none yet. */
const FORM: ServiceNeeds = {
  devices: ['receipt-printer'],
  offline: true,
  pays: false,
  prints: true,
  handsIn: true,
  queues: [],
};

function matrix(now: StationNow): Record<string, string> {
  const all = [...services.map((service) => [service.id, needsOf(service)] as const), ['form', FORM] as const];
  return Object.fromEntries(
    all.map(([id, needs]) => {
      const standing = standingOf(needs, now);
      const detail = standing.state === 'stops' ? standing.why : standing.state === 'works' ? standing.less : undefined;
      return [id, detail === undefined ? standing.state : `${standing.state}: ${detail}`];
    }),
  );
}

function broken(deviceClass: DeviceClass, status: Partial<DeviceStatus>): Pick<StationNow, 'device'> {
  return { device: (asked) => ({ device: 'online', paper: 'full', ...(asked === deviceClass ? status : {}) }) };
}

describe('what works, waits and stops', () => {
  it.each<[string, StationNow, Record<string, string>]>([
    ['all is well', SOUND, { ticket: 'works', parking: 'works', 'collect-card': 'works', form: 'works' }],
    [
      'the line is cut',
      ALONE,
      { ticket: 'works', parking: 'stops: offline', 'collect-card': 'stops: offline', form: 'waits' },
    ],
    [
      'the line is cut and the leased numbers are given',
      { ...ALONE, ticketsLeft: () => 0 },
      { ticket: 'works: noNumbers', parking: 'stops: offline', 'collect-card': 'stops: offline', form: 'waits' },
    ],
    [
      'the line is cut and 80 % of the room for what waits is used up',
      { ...ALONE, budgetUsedUp: true },
      { ticket: 'works', parking: 'stops: offline', 'collect-card': 'stops: offline', form: 'stops: budget' },
    ],
    [
      'the roll is used up',
      { ...SOUND, ...broken('receipt-printer', { paper: 'out' }) },
      {
        ticket: 'stops: receipt-printer',
        parking: 'stops: receipt-printer',
        'collect-card': 'stops: receipt-printer',
        form: 'stops: receipt-printer',
      },
    ],
    [
      'an earlier payment is in doubt',
      { ...SOUND, moneyInDoubt: true },
      { ticket: 'works', parking: 'stops: settling', 'collect-card': 'works', form: 'works' },
    ],
    [
      'the prices are past their day',
      { ...SOUND, expiredDocuments: ['prices'] },
      { ticket: 'works', parking: 'stops: document', 'collect-card': 'works', form: 'works' },
    ],
    [
      'an announcement is past its day',
      { ...SOUND, expiredDocuments: ['announce'] },
      { ticket: 'works', parking: 'works', 'collect-card': 'works', form: 'works' },
    ],
    [
      'the disk has room for free services only',
      { ...SOUND, closedFor: 'paid' },
      { ticket: 'works', parking: 'stops: diskLow', 'collect-card': 'works', form: 'works' },
    ],
    [
      'the platform has shut the terminal out',
      { ...SOUND, suspended: true },
      {
        ticket: 'stops: suspended',
        parking: 'stops: suspended',
        'collect-card': 'stops: suspended',
        form: 'stops: suspended',
      },
    ],
  ])('when %s', (_name, now, expected) => {
    expect(matrix(now)).toEqual(expected);
  });
});
