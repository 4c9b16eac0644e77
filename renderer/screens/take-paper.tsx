/** R14, R15: the paper is out. A queue number stands as large as the glass allows. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import { Lamps } from '../design/lamps.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';
import { useCssVariables } from '../design/use-css-variables.ts';
import styles from './screens.module.css';

export function TakePaperScreen({ screen }: { readonly screen: ScreenOf<'take-paper'> }) {
  const hasMore = screen.rows.length > 0 || screen.number !== undefined || screen.lamps !== undefined;
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
      next={{ label: screen.next, tone: 'plain' }}
    >
      {hasMore && (
        <div className={styles.progress}>
          {screen.number && <QueueNumber number={screen.number} />}
          {screen.lamps && <Lamps lamps={screen.lamps} />}
          {screen.rows.length > 0 && <Facts rows={screen.rows} />}
          {screen.notice && <p className={styles.note}>{screen.notice}</p>}
        </div>
      )}
    </Page>
  );
}

function QueueNumber({ number }: { readonly number: string }) {
  const ref = useCssVariables<HTMLParagraphElement>({ '--signs': String(number.length) });
  return (
    <p className={styles.queueNumber} ref={ref}>
      {number}
    </p>
  );
}
