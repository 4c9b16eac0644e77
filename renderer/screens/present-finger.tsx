/** Which finger, and what it does now: the hands tell the first, the sensor tells the second. No number, nothing red but the act. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';
import styles from './screens.module.css';

export function PresentFingerScreen({ screen }: { readonly screen: ScreenOf<'present-finger'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
      back={{ label: screen.back }}
      next={{ label: screen.next, tone: 'plain' }}
    >
      {screen.state !== 'done' && (
        <div className={styles.hands}>
          <Picture name={`hand-${screen.finger}`} />
        </div>
      )}
    </Page>
  );
}
