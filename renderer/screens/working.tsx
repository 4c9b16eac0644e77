/** R12: what the machine is doing, in named steps. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { BigAmount } from '../design/big-amount.tsx';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';
import { Steps } from '../design/steps.tsx';
import styles from './screens.module.css';

export function WorkingScreen({ screen }: { readonly screen: ScreenOf<'working'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
      back={{ label: screen.back }}
      next={{ label: screen.next, tone: 'plain' }}
    >
      <div className={styles.progress}>
        {screen.amount && <BigAmount amount={screen.amount} modest />}
        <Steps steps={screen.steps} />
      </div>
    </Page>
  );
}
