/** What the platform hears of this machine with each heartbeat, and what staff may ask of it from afar. */
import type { TerminalReport } from '../contract/operation.schema.ts';
import type { DeviceManager } from './devices/device-manager.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerKeeper } from './ledger/safety/ledger-keeper.ts';
import type { ClockTrust } from './sync/clock-trust.ts';
import type { OperationActs } from './sync/operations.ts';
import type { KeyKeeper } from './trust/key-keeper.ts';

export interface ReportParts {
  readonly keeper: Pick<LedgerKeeper, 'closedFor' | 'hasRoomForMedia'>;
  readonly ledger: Pick<Ledger, 'outbox'>;
  readonly devices: Pick<DeviceManager, 'all'>;
  readonly time: Pick<ClockTrust, 'offset'>;
  /** Wall time, ms, as the ledger writes it. */
  readonly nowMs: () => number;
}

/** Numbers and names of devices; nothing personal. */
export function reportOf({ keeper, ledger, devices, time, nowMs }: ReportParts): TerminalReport {
  const { outbox } = ledger;
  const oldestAt = Math.min(
    ...(['ledger', 'audit'] as const).map((one) => outbox.oldestUnacknowledgedAt(one) ?? Infinity),
  );
  const errorMs = time.offset()?.errorMs;
  return {
    backlog: outbox.unacknowledged('ledger') + outbox.unacknowledged('audit'),
    ...(Number.isFinite(oldestAt) && { oldestMs: Math.max(0, Math.round(nowMs() - oldestAt)) }),
    ...(errorMs !== undefined && { clockErrorMs: errorMs }),
    diskRung: diskRungOf(keeper),
    devicesDown: devices
      .all()
      .filter(({ status }) => status.device !== 'online')
      .map(({ config }) => config.id)
      .slice(0, MOST_DEVICES),
  };
}

const MOST_DEVICES = 24;

function diskRungOf(keeper: ReportParts['keeper']): TerminalReport['diskRung'] {
  if (keeper.closedFor('all') === 'disk.full') return 3;
  if (keeper.closedFor('paid') === 'disk.low') return 2;
  return keeper.hasRoomForMedia() ? 0 : 1;
}

/** `restart` ends the program: whoever watches over it starts it again. */
export function remoteActs(parts: {
  readonly restart: (() => void) | undefined;
  readonly resync: () => void;
  readonly keys: Pick<KeyKeeper, 'rotate'>;
}): OperationActs {
  const { restart, resync, keys } = parts;
  return {
    ...(restart && { restartApp: restart }),
    resyncChannel: resync,
    async rotateKey() {
      const rotated = await keys.rotate();
      return rotated.ok ? 'rotated' : rotated.problem.code;
    },
  };
}
