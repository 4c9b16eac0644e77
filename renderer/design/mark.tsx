/** Yes, no or not yet: a shape first, a colour second. */
import type { Lamp } from '../../contract/view.schema.ts';
import { cx } from './cx.ts';
import styles from './mark.module.css';

const SHAPES: Readonly<Record<Lamp['state'], string>> = {
  yes: 'M9 16.5l5 5 9-11',
  no: 'M11 11l10 10M21 11L11 21',
  open: 'M11 16h.1M16 16h.1M21 16h.1',
};

export function Mark({ state }: { readonly state: Lamp['state'] }) {
  return (
    <svg className={cx(styles.mark, styles[state])} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="13" />
      <path d={SHAPES[state]} />
    </svg>
  );
}
