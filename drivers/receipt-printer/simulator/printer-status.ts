/** The status bytes of device-protocols 4.4, 4.5 and 4.9, from what the mechanism is like. */
export interface MechanismStatus {
  readonly coverOpen: boolean;
  readonly paperOut: boolean;
  readonly nearEnd: boolean;
  readonly cutterJam: boolean;
  /** The slip is stuck behind the cutter. */
  readonly slipJam: boolean;
  readonly ticketInOutput: boolean;
  readonly motorOn: boolean;
  readonly spooling: boolean;
}

export const ALL_WELL: MechanismStatus = {
  coverOpen: false,
  paperOut: false,
  nearEnd: false,
  cutterJam: false,
  slipJam: false,
  ticketInOutput: false,
  motorOn: false,
  spooling: false,
};

export function isOffline(status: MechanismStatus): boolean {
  return status.coverOpen || status.paperOut || status.cutterJam || status.slipJam;
}

const FIXED = 0x12;

/** Answer to DLE EOT 1-4: one byte with bits 1 and 4 set. The drawer pin is high: no drawer. */
export function realTimeStatus(n: number, status: MechanismStatus): Uint8Array | undefined {
  switch (n) {
    case 1:
      return bits([FIXED, true], [0x04, true], [0x08, isOffline(status)]);
    case 2:
      return bits(
        [FIXED, true],
        [0x04, status.coverOpen],
        [0x20, status.paperOut],
        [0x40, status.cutterJam || status.slipJam],
      );
    case 3:
      return bits([FIXED, true], [0x04, status.slipJam], [0x08, status.cutterJam]);
    case 4:
      return bits([FIXED, true], [0x0c, status.nearEnd || status.paperOut], [0x60, status.paperOut]);
    default:
      return undefined;
  }
}

/** Cashino: bit 7 of n = 1 while printed paper is not torn off. */
export function withMouthBit(n: number, answer: Uint8Array, status: MechanismStatus): Uint8Array {
  return n === 1 && status.ticketInOutput ? answer.map((byte) => byte | 0x80) : answer;
}

/**
 * Star, nine bytes: 23h says so. Cover, drawer and paper end are the sheet's; the counter in bits 1 to 3 and 5 to 6 of byte
 * 8 and the presenter in bits 1 to 3 of byte 9 are what open drivers read there.
 */
export function starStatus(status: MechanismStatus, etbCount: number): Uint8Array {
  return Uint8Array.from([
    0x23,
    0x06,
    flag([0x08, isOffline(status)], [0x20, status.coverOpen]),
    flag([0x08, status.cutterJam]),
    flag([0x08, status.slipJam]),
    flag([0x04, status.nearEnd || status.paperOut], [0x08, status.paperOut]),
    0,
    ((etbCount & 0x07) << 1) | ((etbCount & 0x18) << 2),
    flag([0x02, status.ticketInOutput]),
  ]);
}

/** Four bytes of automatic status back. */
export function automaticStatus(status: MechanismStatus): Uint8Array {
  return Uint8Array.from([
    flag([0x10, true], [0x04, true], [0x08, isOffline(status)], [0x20, status.coverOpen]),
    flag([0x04, status.slipJam], [0x08, status.cutterJam]),
    flag([0x03, status.nearEnd || status.paperOut], [0x0c, status.paperOut]),
    0,
  ]);
}

/** Answer to GS r 1. */
export function queuedPaperStatus(status: MechanismStatus): Uint8Array {
  return bits([0x03, status.nearEnd || status.paperOut], [0x0c, status.paperOut]);
}

/** Custom, 100414: `10 0F p u r x`. A slip stuck behind the cutter shows as a cutter error: no bit of its own is documented. */
export function fullStatus(status: MechanismStatus): Uint8Array {
  return Uint8Array.from([
    0x10,
    0x0f,
    flag([0x01, status.paperOut], [0x04, status.nearEnd || status.paperOut], [0x20, status.ticketInOutput]),
    flag([0x02, status.coverOpen], [0x04, status.spooling], [0x08, status.motorOn]),
    0,
    flag([0x01, status.cutterJam || status.slipJam]),
  ]);
}

/** Custom, 100411. */
export function printStatus(status: MechanismStatus): Uint8Array {
  return bits([FIXED, true], [0x04, status.motorOn], [0x20, status.paperOut]);
}

/** Custom, 1D6506. */
export function ejectorStatus(status: MechanismStatus): Uint8Array {
  return bits(
    [0x01, status.nearEnd],
    [0x08, status.ticketInOutput],
    [0x20, status.motorOn],
    [0x40, status.slipJam],
    [0x80, status.slipJam],
  );
}

type Bit = readonly [mask: number, set: boolean];

function flag(...all: Bit[]): number {
  return all.reduce((byte, [mask, set]) => (set ? byte | mask : byte), 0);
}

function bits(...all: Bit[]): Uint8Array {
  return Uint8Array.of(flag(...all));
}
