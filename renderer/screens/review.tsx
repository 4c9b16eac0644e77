/** R10: check the answers; each can be changed where it stands. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { BigAmount } from '../design/big-amount.tsx';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import { SayButton } from '../design/k-button.tsx';
import styles from './screens.module.css';

export function ReviewScreen({ screen }: { readonly screen: ScreenOf<'review'> }) {
  const rows = screen.rows.map(({ label, value, change }) => ({
    label,
    value,
    control: change && (
      <SayButton look="outline" className={styles.change} say={{ kind: 'choose', option: change.id }}>
        {change.label}
      </SayButton>
    ),
  }));
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={
        <div className={styles.total}>
          <p>{screen.total.label}</p>
          <BigAmount amount={screen.total.amount} />
        </div>
      }
      back={{ label: screen.back }}
      next={{ label: screen.next }}
    >
      <Facts rows={rows} />
    </Page>
  );
}
