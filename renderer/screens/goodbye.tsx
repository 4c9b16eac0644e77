/** R17: done, thank you, next please. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import { GoodbyeScene } from '../design/pictures/scenes.tsx';
import { useCssVariables } from '../design/use-css-variables.ts';
import styles from './screens.module.css';

export function GoodbyeScreen({ screen }: { readonly screen: ScreenOf<'goodbye'> }) {
  const barRef = useCssVariables<HTMLDivElement>({ '--seconds': `${screen.seconds}s` });
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<GoodbyeScene />}
      focalStands="ground"
      next={{ label: screen.next, tone: 'plain' }}
    >
      {screen.reference && <Facts rows={[screen.reference]} />}
      <div className={styles.runningOut} ref={barRef} aria-hidden="true" />
    </Page>
  );
}
