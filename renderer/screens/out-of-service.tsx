/** X4: closed, why, and where else it works. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';
import styles from './screens.module.css';

export function OutOfServiceScreen({ screen }: { readonly screen: ScreenOf<'out-of-service'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
    >
      {screen.rows.length > 0 && <Facts rows={screen.rows} />}
      <p className={styles.number}>{screen.number}</p>
    </Page>
  );
}
