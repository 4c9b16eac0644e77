/** What did and did not happen, as three words with a mark each; never by colour alone. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import styles from './lamps.module.css';

type Lamp = ScreenOf<'problem'>['lamps'][number];

const MARKS: Readonly<Record<Lamp['state'], string>> = {
  yes: 'M9 16.5l5 5 9-11',
  no: 'M11 11l10 10M21 11L11 21',
  open: 'M11 16h.1M16 16h.1M21 16h.1',
};

export function Lamps({ lamps }: { readonly lamps: readonly Lamp[] }) {
  return (
    <ul className={styles.lamps}>
      {lamps.map((lamp) => (
        <li key={lamp.label} className={styles[lamp.state]}>
          <svg className={styles.mark} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <circle cx="16" cy="16" r="13" />
            <path d={MARKS[lamp.state]} />
          </svg>
          <span>{lamp.label}</span>
        </li>
      ))}
    </ul>
  );
}
