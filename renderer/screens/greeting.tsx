/** R4: is this you? */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import styles from './screens.module.css';

export function GreetingScreen({ screen }: { readonly screen: ScreenOf<'greeting'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<p className={styles.bigName}>{screen.name}</p>}
      back={{ label: screen.no }}
      next={{ label: screen.yes }}
    >
      <p className={styles.note}>{screen.notice}</p>
    </Page>
  );
}
