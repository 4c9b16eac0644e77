/** Wall time as the station's people read it. The mainland has one zone, UTC+8, without summer time. */
const OFFSET_MS = 8 * 3_600_000;

/** `2026-01-05` */
export function localDay(wallMs: number): string {
  return new Date(wallMs + OFFSET_MS).toISOString().slice(0, 10);
}

/** `09:14` */
export function localHourMinute(wallMs: number): string {
  return new Date(wallMs + OFFSET_MS).toISOString().slice(11, 16);
}

/** `01-05 09:14:07` */
export function localMoment(wallMs: number): string {
  return new Date(wallMs + OFFSET_MS).toISOString().slice(5, 19).replace('T', ' ');
}
