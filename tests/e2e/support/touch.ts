/** Fingers, by the browser's own protocol: touches that drift, rest and slide, which a synthetic click cannot show. */
import type { CDPSession, Page } from '@playwright/test';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export class Fingers {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async on(page: Page): Promise<Fingers> {
    return new Fingers(await page.context().newCDPSession(page));
  }

  /** One finger: down, along the points, up. */
  async stroke(path: readonly [Point, ...Point[]]): Promise<void> {
    await this.#send('touchStart', [path[0]]);
    for (const point of path.slice(1)) await this.#send('touchMove', [point]);
    await this.#send('touchEnd', []);
  }

  /** A tap while another part of the hand lies on the glass. */
  async tapWithPalm(palm: Point, at: Point): Promise<void> {
    await this.#send('touchStart', [palm]);
    await this.#send('touchStart', [palm, at]);
    await this.#send('touchEnd', [palm]);
    await this.#send('touchEnd', []);
  }

  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]): Promise<void> {
    const touchPoints = points.map(({ x, y }, id) => ({ x, y, id, radiusX: 12, radiusY: 12, force: 0.5 }));
    await this.#session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}

/** The middle of the control with this text. */
export async function middleOf(page: Page, label: string): Promise<Point> {
  const box = await page.getByRole('button', { name: label, exact: true }).boundingBox();
  if (!box) throw new Error(`no control says ${label}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
