/**
 * What may still be begun on a disk that fills up (money-and-sync 1.7). Asked before something new is begun, never inside
 * it: what was begun is finished with the space that the ladder kept free for it.
 */
import type { Clock } from '../../../contract/clock.ts';
import type { Ballast } from './ballast.ts';

export const MIB = 1024 * 1024;

/** Worse with each: `noMedia` no new attachments and pictures, `noPaid` no paid services, `syncOnly` out of service. */
export const DISK_LEVELS = ['plenty', 'noMedia', 'noPaid', 'syncOnly'] as const;
export type DiskLevel = (typeof DISK_LEVELS)[number];

/** Free bytes below which each level holds. */
const BELOW_BYTES: Readonly<Record<Exclude<DiskLevel, 'plenty'>, number>> = {
  noMedia: 512 * MIB,
  noPaid: 256 * MIB,
  syncOnly: 64 * MIB,
};
/** A level is left only with so much more, so that a disk at the limit does not open and close a service by the minute. */
const MARGIN_BYTES = 16 * MIB;
/** How old a look at the disk may be. */
const FRESH_MS = 1_000;

export interface DiskLadderOptions {
  readonly clock: Clock;
  /** Of the ledger's file system; undefined when it cannot be told. */
  readonly freeBytes: () => number | undefined;
  readonly ballast?: Pick<Ballast, 'bytes' | 'isWhole' | 'release'>;
  readonly onChange?: (level: DiskLevel, freeBytes: number) => void;
}

export interface DiskLadder {
  /** Looks again when the last look is older than a second; lets the ballast go when the last level is reached. */
  level(): DiskLevel;
  /** Whether there is room for the ballast without falling a level by it. */
  hasRoomForBallast(): boolean;
}

export function createDiskLadder({ clock, freeBytes, ballast, onChange }: DiskLadderOptions): DiskLadder {
  let level: DiskLevel = 'plenty';
  let lookedAtMs: number | undefined;

  function look(): void {
    lookedAtMs = clock.now();
    const free = freeBytes();
    // A disk that cannot say how full it is will be heard of by the first commit; until then the last word stands.
    if (free === undefined) return;
    // Space that only the ballast's absence gives is not room for residents.
    const owed = ballast && !ballast.isWhole() ? ballast.bytes : 0;
    const next = levelAfter(level, Math.max(0, free - owed));
    if (next === 'syncOnly') void ballast?.release();
    if (next === level) return;
    level = next;
    onChange?.(level, free);
  }

  return {
    level() {
      if (lookedAtMs === undefined || clock.now() - lookedAtMs >= FRESH_MS) look();
      return level;
    },
    hasRoomForBallast() {
      const free = freeBytes();
      return free !== undefined && ballast !== undefined && free - ballast.bytes >= BELOW_BYTES.noPaid + MARGIN_BYTES;
    },
  };
}

/** Down at the limit, up only past the margin. */
export function levelAfter(before: DiskLevel, freeBytes: number): DiskLevel {
  const falling = levelAt(freeBytes);
  if (DISK_LEVELS.indexOf(falling) >= DISK_LEVELS.indexOf(before)) return falling;
  const rising = levelAt(freeBytes - MARGIN_BYTES);
  return DISK_LEVELS.indexOf(rising) < DISK_LEVELS.indexOf(before) ? rising : before;
}

function levelAt(freeBytes: number): DiskLevel {
  if (freeBytes < BELOW_BYTES.syncOnly) return 'syncOnly';
  if (freeBytes < BELOW_BYTES.noPaid) return 'noPaid';
  return freeBytes < BELOW_BYTES.noMedia ? 'noMedia' : 'plenty';
}
