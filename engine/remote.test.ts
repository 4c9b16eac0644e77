import { expect, describe, it } from 'vitest';
import { parse } from '../contract/check.ts';
import { TerminalReport } from '../contract/operation.schema.ts';
import { remoteActs, reportOf, type ReportParts } from './remote.ts';

type Closed = ReturnType<ReportParts['keeper']['closedFor']>;

function partsOf(given: { all?: Closed; paid?: Closed; hasRoom?: boolean; oldestAt?: number; down?: boolean }) {
  const { all, paid = all, hasRoom = true, oldestAt, down = false } = given;
  const device = { config: { id: 'receipt-1' }, status: { device: down ? 'noDevice' : 'online' } };
  return {
    keeper: { closedFor: (what: 'all' | 'paid') => (what === 'all' ? all : paid), hasRoomForMedia: () => hasRoom },
    ledger: {
      outbox: {
        unacknowledged: (stream: string) => (oldestAt === undefined ? 0 : stream === 'ledger' ? 2 : 1),
        oldestUnacknowledgedAt: (stream: string) => (stream === 'ledger' ? oldestAt : undefined),
      },
    },
    devices: { all: () => [device] },
    time: { offset: () => undefined },
    nowMs: () => 10_000,
  } as unknown as ReportParts;
}

describe('the report of a terminal', () => {
  it('counts what waits and how old it is, and names what is down, in the words of the contract', () => {
    const report = reportOf(partsOf({ oldestAt: 4_000, down: true }));
    expect(report).toEqual({ backlog: 3, oldestMs: 6_000, diskRung: 0, devicesDown: ['receipt-1'] });
    expect(parse(TerminalReport, report).ok).toBe(true);
  });

  it('names no age where nothing waits', () => {
    expect(reportOf(partsOf({}))).toEqual({ backlog: 0, diskRung: 0, devicesDown: [] });
  });

  it.each([
    [1, { hasRoom: false }],
    [2, { paid: 'disk.low' }],
    [3, { all: 'disk.full' }],
  ] as const)('tells rung %d of the disk', (rung, closed) => {
    expect(reportOf(partsOf(closed)).diskRung).toBe(rung);
  });
});

describe('what staff may ask from afar', () => {
  it('is not a restart where nobody would start the program again', () => {
    const keys = { rotate: () => Promise.resolve({ ok: true, value: undefined } as const) };
    expect(remoteActs({ restart: undefined, resync: () => undefined, keys })).not.toHaveProperty('restartApp');
  });
});
