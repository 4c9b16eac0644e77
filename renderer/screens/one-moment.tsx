/** Shown while nobody answers behind the page: no View has come, so the three languages stand together. */
import { Drawing, Strokes } from '../design/pictures/drawing.tsx';
import { circle } from '../design/pictures/shapes.ts';
import styles from './one-moment.module.css';

export function OneMoment() {
  return (
    <main className={styles.page}>
      <div className={styles.picture}>
        <Drawing width={96} height={96}>
          <Strokes
            of={[
              ['tint', circle(48, 48, 40)],
              ['line', 'M48 14v5M48 77v5M14 48h5M77 48h5M48 48V28M48 48l14 8'],
            ]}
          />
        </Drawing>
      </div>
      <h1>请稍等，马上就好</h1>
      <p lang="zh-Hant-HK">請稍等，馬上就好</p>
      <p lang="en">One moment, please</p>
    </main>
  );
}
