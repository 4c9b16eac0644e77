/** X3, X6: what happened, what became of money and card, what to do now. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import { Lamps } from '../design/lamps.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';
import styles from './screens.module.css';

type Problem = ScreenOf<'problem'>;

export function ProblemScreen({ screen }: { readonly screen: Problem }) {
  const next = screen.retry
    ? { label: screen.retry, say: { kind: 'retry' } as const }
    : { label: screen.next, tone: 'primary' as const };
  // With a second try as the thing to do, leaving is the quiet key on the left.
  const leave =
    screen.retry && !screen.back ? { label: screen.next, say: { kind: 'next' } as const } : { label: screen.back };
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
      back={leave}
      next={next}
    >
      <div className={styles.account}>
        {screen.lamps.length > 0 && <Lamps lamps={screen.lamps} />}
        {screen.money && <p className={styles.strong}>{screen.money}</p>}
        <p className={styles.whatToDo}>{screen.whatToDo}</p>
        {screen.claim && (
          <p className={styles.claim}>
            <span>{screen.claim.label}</span>
            <strong>{screen.claim.value}</strong>
          </p>
        )}
        <p className={styles.number}>{screen.number}</p>
      </div>
    </Page>
  );
}
