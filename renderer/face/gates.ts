/**
 * What can be said of a picture without any model: light, sharpness, whether the middle holds anything, and how its parts
 * move. None of it knows a face from a melon. Units: grey levels 0-255, pixels of the small frame. (README: what each can tell)
 */

/** The middle square of a camera picture, small and grey, row by row. */
export interface GreyFrame {
  readonly side: number;
  readonly grey: Uint8Array;
}

export const SIDE = 96;

/** A pixel of the oval in which the face is asked to be: 0.33 of the side wide, 0.44 high, in the middle. */
export function isInOval(x: number, y: number, side: number): boolean {
  const across = (x - side / 2 + 0.5) / (side * 0.33);
  const down = (y - side / 2 + 0.5) / (side * 0.44);
  return across * across + down * down <= 1;
}

export interface Light {
  readonly mean: number;
  /** Standard deviation: a wall or a lens cap has next to none. */
  readonly spread: number;
  /** Shares of pixels that are black or white all through. */
  readonly blackShare: number;
  readonly whiteShare: number;
}

export function lightOf({ side, grey }: GreyFrame): Light {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let black = 0;
  let white = 0;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (!isInOval(x, y, side)) continue;
      const level = grey[y * side + x] ?? 0;
      count += 1;
      sum += level;
      squares += level * level;
      if (level < 12) black += 1;
      if (level > 243) white += 1;
    }
  }
  const mean = sum / count;
  return {
    mean,
    spread: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    blackShare: black / count,
    whiteShare: white / count,
  };
}

/** Variance of the Laplacian inside the oval: falls when the lens, the focus or the person's movement blurs. */
export function sharpnessOf({ side, grey }: GreyFrame): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < side - 1; y += 1) {
    for (let x = 1; x < side - 1; x += 1) {
      if (!isInOval(x, y, side)) continue;
      const at = y * side + x;
      const around = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - side] ?? 0) + (grey[at + side] ?? 0);
      const laplacian = around - 4 * (grey[at] ?? 0);
      count += 1;
      sum += laplacian;
      squares += laplacian * laplacian;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}

/**
 * Share of neighbouring pixels that swing to and fro with one another: a screen photographed by a camera shows its grid.
 * Skin, paper and daylight do not. A good screen at the right distance does not either.
 */
export function gridShareOf({ side, grey }: GreyFrame): number {
  let swings = 0;
  let count = 0;
  for (let y = 0; y < side; y += 1) {
    for (let x = 2; x < side; x += 1) {
      if (!isInOval(x, y, side)) continue;
      const at = y * side + x;
      const first = (grey[at - 1] ?? 0) - (grey[at - 2] ?? 0);
      const second = (grey[at] ?? 0) - (grey[at - 1] ?? 0);
      count += 1;
      if (first * second < 0 && Math.min(Math.abs(first), Math.abs(second)) > 10) swings += 1;
    }
  }
  return swings / count;
}

export interface Motion {
  /** Mean way of the blocks, pixels. */
  readonly way: number;
  /** Root mean square of what no flat thing's movement explains, pixels. */
  readonly bend: number;
  /** Growth of the whole, 1.02 = 2 % nearer. */
  readonly scale: number;
  /** Blocks with enough texture to be followed. */
  readonly blocks: number;
}

export interface BlockWay {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const BLOCK = 12;
const REACH = 5;
/** Texture below this (standard deviation of a block) cannot be followed. */
const FOLLOWABLE = 6;
const FEWEST_BLOCKS = 8;
const STILL: Motion = { way: 0, bend: 0, scale: 1, blocks: 0 };

/** How the blocks of the oval went from one frame to the next, and what a flat, stiff thing's movement leaves unexplained. */
export function motionBetween(before: GreyFrame, now: GreyFrame): Motion {
  const ways = blockWays(before, now);
  if (ways.length < FEWEST_BLOCKS) return { ...STILL, blocks: ways.length };
  const fitX = fitPlane(ways, ({ dx }) => dx);
  const fitY = fitPlane(ways, ({ dy }) => dy);
  if (!fitX || !fitY) return { ...STILL, blocks: ways.length };
  let rest = 0;
  let way = 0;
  for (const { x, y, dx, dy } of ways) {
    way += Math.hypot(dx, dy);
    rest += (dx - fitX(x, y)) ** 2 + (dy - fitY(x, y)) ** 2;
  }
  const scale = 1 + (fitX(1, 0) - fitX(0, 0) + fitY(0, 1) - fitY(0, 0)) / 2;
  return { way: way / ways.length, bend: Math.sqrt(rest / ways.length), scale, blocks: ways.length };
}

function blockWays(before: GreyFrame, now: GreyFrame): BlockWay[] {
  const { side } = before;
  const ways: BlockWay[] = [];
  for (let y = REACH; y + BLOCK + REACH <= side; y += BLOCK / 2) {
    for (let x = REACH; x + BLOCK + REACH <= side; x += BLOCK / 2) {
      const middleX = x + BLOCK / 2;
      const middleY = y + BLOCK / 2;
      if (!isInOval(middleX, middleY, side) || blockSpread(before, x, y) < FOLLOWABLE) continue;
      const way = follow(before, now, x, y);
      if (way) ways.push({ x: middleX - side / 2, y: middleY - side / 2, ...way });
    }
  }
  return ways;
}

function blockSpread({ side, grey }: GreyFrame, left: number, top: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < BLOCK; y += 1) {
    for (let x = 0; x < BLOCK; x += 1) {
      const level = grey[(top + y) * side + left + x] ?? 0;
      sum += level;
      squares += level * level;
    }
  }
  const count = BLOCK * BLOCK;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** Where the block went, to a part of a pixel; undefined when it is found at the edge of the search, or nowhere. */
function follow(before: GreyFrame, now: GreyFrame, x: number, y: number): { dx: number; dy: number } | undefined {
  let best = { dx: 0, dy: 0, cost: Number.POSITIVE_INFINITY };
  for (let dy = -REACH; dy <= REACH; dy += 1) {
    for (let dx = -REACH; dx <= REACH; dx += 1) {
      // Of two ways as good, the shorter one.
      const cost = costOf(before, now, x, y, dx, dy) + 0.02 * (Math.abs(dx) + Math.abs(dy));
      if (cost < best.cost) best = { dx, dy, cost };
    }
  }
  if (Math.abs(best.dx) === REACH || Math.abs(best.dy) === REACH || best.cost > 14) return undefined;
  const cost = (dx: number, dy: number) => costOf(before, now, x, y, best.dx + dx, best.dy + dy);
  return {
    dx: best.dx + between(cost(-1, 0), cost(0, 0), cost(1, 0)),
    dy: best.dy + between(cost(0, -1), cost(0, 0), cost(0, 1)),
  };
}

/** Lowest point of the parabola through three neighbours, -0.5 to 0.5. */
function between(left: number, middle: number, right: number): number {
  const curve = left - 2 * middle + right;
  return curve <= 0 ? 0 : Math.max(-0.5, Math.min(0.5, (left - right) / (2 * curve)));
}

/** Mean difference of the block's pixels after going this way. */
function costOf(before: GreyFrame, now: GreyFrame, x: number, y: number, dx: number, dy: number): number {
  const { side } = before;
  let sum = 0;
  for (let row = 0; row < BLOCK; row += 2) {
    for (let column = 0; column < BLOCK; column += 2) {
      const from = before.grey[(y + row) * side + x + column] ?? 0;
      const to = now.grey[(y + dy + row) * side + x + dx + column] ?? 0;
      sum += Math.abs(from - to);
    }
  }
  return sum / (BLOCK / 2) ** 2;
}

type Plane = (x: number, y: number) => number;

/** Least squares of `value` over the plane a + b x + c y. */
function fitPlane(ways: readonly BlockWay[], value: (way: BlockWay) => number): Plane | undefined {
  let [n, sx, sy, sxx, sxy, syy, sv, sxv, syv] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const way of ways) {
    const { x, y } = way;
    const v = value(way);
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
    sv += v;
    sxv += x * v;
    syv += y * v;
  }
  const determinant = n * (sxx * syy - sxy * sxy) - sx * (sx * syy - sxy * sy) + sy * (sx * sxy - sxx * sy);
  if (Math.abs(determinant) < 1e-6) return undefined;
  const a = sv * (sxx * syy - sxy * sxy) - sx * (sxv * syy - sxy * syv) + sy * (sxv * sxy - sxx * syv);
  const b = n * (sxv * syy - sxy * syv) - sv * (sx * syy - sxy * sy) + sy * (sx * syv - sxv * sy);
  const c = n * (sxx * syv - sxv * sxy) - sx * (sx * syv - sxv * sy) + sv * (sx * sxy - sxx * sy);
  return (x, y) => (a + b * x + c * y) / determinant;
}
