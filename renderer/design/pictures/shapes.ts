/** Path makers of the picture family. Units are those of the drawing's own view box. */
/** Middle of the machine in its drawing; slots lie this far to either side of it. */
export const MIDDLE = 130;
export const READER_OFFSET = 33;

export function circle(x: number, y: number, radius: number): string {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

export function box(x: number, y: number, width: number, height: number, corner = 0): string {
  const across = width - 2 * corner;
  const down = height - 2 * corner;
  const arc = (dx: number, dy: number) => `a${corner} ${corner} 0 0 1 ${dx} ${dy}`;
  return `M${x + corner} ${y}h${across}${arc(corner, corner)}v${down}${arc(-corner, corner)}h${-across}${arc(-corner, -corner)}v${-down}${arc(corner, -corner)}z`;
}

/**
 * How a stroke is inked: `tint` and `paper` are filled outlines, `line` is an outline alone, `dash` a broken one,
 * `dot` a heavy point, `deep` the strong fill and `onDeep` lines on it, `solid` ink without outline, `soft` a quiet background line; `act` (red) is the thing to do now.
 */
export type Ink =
  | 'tint'
  | 'paper'
  | 'line'
  | 'dash'
  | 'dot'
  | 'solid'
  | 'soft'
  | 'ground'
  | 'act'
  | 'actArrow'
  | 'actFill'
  | 'deep'
  | 'onDeep'
  | 'good'
  | 'blue';
export type Stroke = readonly [ink: Ink, path: string];
