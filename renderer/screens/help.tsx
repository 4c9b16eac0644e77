/** X2: who can help, and what the page before was about. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';
import styles from './screens.module.css';

export function HelpScreen({ screen }: { readonly screen: ScreenOf<'help'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
      back={{ label: screen.back }}
    >
      <Facts rows={screen.rows} />
      <p className={styles.note}>{screen.explains}</p>
    </Page>
  );
}
