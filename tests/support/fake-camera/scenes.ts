/**
 * Moving grey pictures made by arithmetic, for the gates and for chromium's fake camera: something head-shaped that is solid
 * (its middle turns otherwise than its edge), the same as a flat photo, darkness, a wall. No person was looked at.
 */

/** Grey level 0-255 at (x, y), both -1..1 over the middle square, at `ms`. */
export type Scene = (x: number, y: number, ms: number) => number;

/** Smooth texture without a period that a search could lock on to. */
function skin(x: number, y: number): number {
  return (
    34 * Math.sin(7.1 * x + 3.3 * y) +
    28 * Math.sin(11.7 * y - 5.2 * x + 1) +
    22 * Math.sin(17.3 * x * y + 9 * x) +
    16 * Math.sin(23 * x - 19 * y + 2)
  );
}

function wall(x: number, y: number): number {
  return 96 + 8 * Math.sin(3 * x + 2 * y);
}

interface Pose {
  /** Radians about the neck. */
  readonly turn: number;
  /** 1 = as large as at the beginning. */
  readonly size: number;
}

/** A solid head: the texture is wrapped round a barrel, so that turning moves the nose more than the ears. */
function head(x: number, y: number, { turn, size }: Pose): number {
  const across = x / (0.62 * size);
  const down = y / (0.84 * size);
  if (across * across + down * down > 1) return wall(x, y);
  const angle = Math.asin(Math.max(-1, Math.min(1, across))) + turn;
  return 132 + skin(angle * 0.75, down);
}

/** A print of the same head, moved as a whole: shifted, tilted, brought nearer. */
function print(x: number, y: number, { turn, size }: Pose): number {
  const px = (x + turn * 0.3) / size;
  const py = (y + turn * 0.1) / size;
  return Math.abs(px) > 0.8 || Math.abs(py) > 0.95 ? wall(x, y) : head(px, py, { turn: 0, size: 1 });
}

/** Turns the head, comes closer, keeps still; the whole takes eight seconds. */
function acting(ms: number): Pose {
  const at = ms % 8_000;
  const turn = at < 3_000 ? 0.5 * Math.sin((at / 3_000) * 4 * Math.PI) : 0;
  const closer = Math.min(1, Math.max(0, (at - 3_400) / 1_800));
  return { turn, size: 1 + 0.3 * closer };
}

export const SCENES = {
  person: (x, y, ms) => head(x, y, acting(ms)),
  /** Held still before the lens. */
  photo: (x, y) => print(x, y, { turn: 0, size: 1 }),
  /** The same photo, waved and brought nearer. */
  'waved-photo': (x, y, ms) => print(x, y, acting(ms)),
  dark: (x, y, ms) => 0.12 * head(x, y, acting(ms)),
  bright: (x, y, ms) => 150 + head(x, y, acting(ms)),
  wall: (x, y) => wall(x, y),
  /** A screen's own pixels, seen one by one. */
  screen: (x, y, ms) => head(x, y, acting(ms)) + (Math.round((x + 1) * 48) % 2 === 0 ? 40 : -40),
} as const satisfies Record<string, Scene>;
export type SceneName = keyof typeof SCENES;

export function greyOf(scene: Scene, side: number, ms: number): Uint8Array {
  const grey = new Uint8Array(side * side);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const level = scene((2 * column + 1) / side - 1, (2 * row + 1) / side - 1, ms);
      grey[row * side + column] = Math.max(0, Math.min(255, Math.round(level)));
    }
  }
  return grey;
}
