/** The fee: one big number, how it came about, and why. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { BigAmount } from '../design/big-amount.tsx';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import styles from './screens.module.css';

export function PriceScreen({ screen }: { readonly screen: ScreenOf<'price'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<BigAmount amount={screen.amount} />}
      back={{ label: screen.back }}
      next={{ label: screen.next }}
    >
      <Facts rows={screen.rows} />
      <p className={styles.note}>{screen.why}</p>
    </Page>
  );
}
