/** One line drawing: strokes in reading order, 1 mm lines at every size. Never the only carrier of meaning, so hidden from the voice. */
import type { ReactNode } from 'react';
import { cx } from '../cx.ts';
import styles from './drawing.module.css';
import type { Stroke } from './shapes.ts';

interface DrawingProps {
  readonly left?: number;
  readonly width: number;
  readonly height: number;
  /** Stands on the ground instead of hanging in the middle. */
  readonly standing?: boolean;
  /** Twice as wide as high: two things side by side. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Drawing({ left = 0, width, height, standing = false, wide = false, children }: DrawingProps) {
  return (
    <svg
      className={cx(styles.drawing, wide && styles.wide)}
      viewBox={`${left} 0 ${width} ${height}`}
      preserveAspectRatio={standing ? 'xMidYMax meet' : 'xMidYMid meet'}
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export function Strokes({ of }: { readonly of: readonly Stroke[] }) {
  return of.map(([ink, path], index) => <path key={index} className={styles[ink]} d={path} />);
}

/** Strokes shown in one still of a loop. */
export function Still({ frame, children }: { readonly frame: 'A' | 'B' | 'C'; readonly children: ReactNode }) {
  return <g className={styles[`frame${frame}`]}>{children}</g>;
}

/** Strokes that turn like a clock's hand, in four steps. */
export function Turning({ children }: { readonly children: ReactNode }) {
  return <g className={styles.hand}>{children}</g>;
}
