/** R5: what would you like to do? With X5's banner when something is closed. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Announcement } from '../design/announcement.tsx';
import { Choices } from '../design/choices.tsx';
import { Page } from '../design/frame.tsx';
import { SayButton } from '../design/k-button.tsx';
import { HomeScene } from '../design/pictures/scenes.tsx';
import styles from './screens.module.css';

export function HomeScreen({ screen }: { readonly screen: ScreenOf<'home'> }) {
  return (
    <Page title={screen.title} subtitle={screen.subtitle} focal={<HomeScene />} focalStands="ground">
      {screen.banner && <p className={styles.banner}>{screen.banner}</p>}
      <Announcement words={screen.announcement} />
      <Choices choices={screen.choices} as={screen.choices.length > 4 ? 'tiles' : 'cards'} />
      {screen.board && (
        <SayButton look="outline" say={{ kind: 'choose', option: 'board' }}>
          {screen.board}
        </SayButton>
      )}
    </Page>
  );
}
