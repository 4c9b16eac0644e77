/** Tray, drum and output of the simulated printer: sheets leave one by one by the clock, as long as nothing is in the way. */
import type { Clock, TimerHandle } from '../../../contract/clock.ts';

export interface PathFaults {
  /** The tray is empty after so many further sheets; once. */
  mediaEmptyAfterSheets: number | null;
  /** A sheet gets stuck after so many further sheets; once. */
  jamAfterSheets: number | null;
  tonerEmpty: boolean;
  /** Milliseconds for a sheet; null = the printer's usual. */
  sheetMs: number | null;
}

export class PaperPath {
  readonly faults: PathFaults = { mediaEmptyAfterSheets: null, jamAfterSheets: null, tonerEmpty: false, sheetMs: null };
  sheetsInTray: number;
  isCoverOpen = false;
  isJammed = false;
  /** Lie in the output, where anybody can take them. */
  sheetsInOutput = 0;
  readonly #clock: Clock;
  readonly #usualSheetMs: number;
  readonly #trayHolds: number;
  readonly #onChange: () => void;
  #timer: TimerHandle | undefined;

  constructor(options: { clock: Clock; sheetMs: number; trayHolds: number; onChange: () => void }) {
    this.#clock = options.clock;
    this.#usualSheetMs = options.sheetMs;
    this.#trayHolds = options.trayHolds;
    this.sheetsInTray = options.trayHolds;
    this.#onChange = options.onChange;
  }

  /** Keywords of RFC 8011 5.4.12, worst first. */
  get troubles(): readonly string[] {
    return [
      ...(this.isJammed ? ['media-jam-error'] : []),
      ...(this.isCoverOpen ? ['cover-open-error'] : []),
      ...(this.sheetsInTray === 0 ? ['media-empty-error'] : []),
      ...(this.faults.tonerEmpty ? ['toner-empty-error'] : []),
    ];
  }

  /** Also what does not stop it. */
  get reasons(): readonly string[] {
    const isLow = this.sheetsInTray > 0 && this.sheetsInTray < this.#trayHolds / 10;
    return [...this.troubles, ...(isLow ? ['media-low-warning'] : [])];
  }

  /** Feeds one sheet if it can; calls back when the sheet lies in the output. */
  feed(onSheet: () => void): void {
    if (this.#timer || this.troubles.length > 0) return;
    this.#timer = this.#clock.after(this.faults.sheetMs ?? this.#usualSheetMs, () => {
      this.#timer = undefined;
      if (this.troubles.length > 0) return this.#onChange();
      if (this.#isDue('jamAfterSheets')) {
        this.isJammed = true;
        return this.#onChange();
      }
      this.sheetsInTray -= 1;
      this.sheetsInOutput += 1;
      if (this.#isDue('mediaEmptyAfterSheets')) this.sheetsInTray = 0;
      onSheet();
    });
  }

  stop(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  refill(): void {
    this.sheetsInTray = this.#trayHolds;
    this.#onChange();
  }

  change(what: Partial<Pick<PaperPath, 'isCoverOpen' | 'isJammed' | 'sheetsInTray' | 'sheetsInOutput'>>): void {
    Object.assign(this, what);
    this.#onChange();
  }

  #isDue(fault: 'jamAfterSheets' | 'mediaEmptyAfterSheets'): boolean {
    const left = this.faults[fault];
    if (left === null) return false;
    this.faults[fault] = left > 1 ? left - 1 : null;
    return left <= 1;
  }
}
