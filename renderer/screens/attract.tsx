/** R0: the village at rest. Any touch starts: the red key's reach is the whole glass. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Announcement } from '../design/announcement.tsx';
import { Page } from '../design/frame.tsx';
import { SayButton } from '../design/k-button.tsx';
import { Picture } from '../design/pictures/picture.tsx';
import { AttractScene } from '../design/pictures/scenes.tsx';
import styles from './attract.module.css';

export function AttractScreen({ screen }: { readonly screen: ScreenOf<'attract'> }) {
  return (
    <Page title={screen.title} subtitle={screen.subtitle} focal={<AttractScene />} focalStands="ground">
      <Announcement words={screen.announcement} />
      <SayButton look="primary" className={styles.start} say={{ kind: 'start' }} primary>
        {screen.start}
      </SayButton>
      {screen.quick.length > 0 && (
        <div className={styles.quick}>
          {screen.quick.map((choice) => (
            <SayButton
              key={choice.id}
              look="tile"
              className={styles.service}
              say={{ kind: 'choose', option: choice.id }}
              badge={choice.badge}
              unavailable={choice.unavailable !== undefined}
            >
              {choice.picture && (
                <span className={styles.picture}>
                  <Picture name={choice.picture} />
                </span>
              )}
              <span className={styles.words}>
                <span>{choice.label}</span>
                {(choice.unavailable ?? choice.detail) && <small>{choice.unavailable ?? choice.detail}</small>}
              </span>
              {choice.badge !== undefined && <span className={styles.badge}>{choice.badge}</span>}
            </SayButton>
          ))}
        </div>
      )}
      <div className={styles.languages}>
        {screen.languages.map((choice) => (
          <SayButton
            key={choice.id}
            look="outline"
            className={styles.language}
            say={{ kind: 'choose', option: choice.id }}
            badge={choice.badge}
          >
            <span lang={choice.id}>{choice.label}</span>
          </SayButton>
        ))}
      </div>
      {screen.board && (
        <SayButton look="outline" className={styles.board} say={{ kind: 'choose', option: 'board' }}>
          {screen.board}
        </SayButton>
      )}
    </Page>
  );
}
