/** What did and did not happen, as three words with a mark each; never by colour alone. */
import type { Lamp } from '../../contract/view.schema.ts';
import { Mark } from './mark.tsx';
import styles from './lamps.module.css';

export function Lamps({ lamps }: { readonly lamps: readonly Lamp[] }) {
  return (
    <ul className={styles.lamps}>
      {lamps.map((lamp) => (
        <li key={lamp.label}>
          <Mark state={lamp.state} />
          <span>{lamp.label}</span>
        </li>
      ))}
    </ul>
  );
}
