/** X1: one press anywhere inside the large key brings the page back untouched. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import { SayButton } from '../design/k-button.tsx';
import styles from './screens.module.css';

export function StillThereScreen({ screen }: { readonly screen: ScreenOf<'still-there'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<p className={styles.countdown}>{screen.seconds}</p>}
      back={{ label: screen.end, say: { kind: 'end' } }}
    >
      <SayButton look="primary" className={styles.stay} say={{ kind: 'stay' }} primary autoFocus>
        {screen.stay}
      </SayButton>
    </Page>
  );
}
