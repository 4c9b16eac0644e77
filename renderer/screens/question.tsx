/** R1, R2, R7: one question, a few answers; choosing one leads on. */
import type { Picture as PictureName } from '../../contract/picture.schema.ts';
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Choices, type Arrangement } from '../design/choices.tsx';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';
import styles from './screens.module.css';

type Question = ScreenOf<'question'>;

const TOPIC_PICTURES: Readonly<Record<Question['topic'], PictureName>> = {
  language: 'language',
  identify: 'card-on-reader',
  queue: 'take-number',
  card: 'card-unknown',
  finger: 'finger-give',
  face: 'face-look',
  'other-way': 'help',
};

/** Two answers that must weigh the same stand side by side. */
function arrangementOf({ even, choices }: Question): Arrangement {
  if (even) return 'cards';
  return choices.length > 4 ? 'tiles' : 'list';
}

export function QuestionScreen({ screen }: { readonly screen: Question }) {
  const picture = screen.picture ?? TOPIC_PICTURES[screen.topic];
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={picture} />}
      focalStands={isStanding(picture) ? 'ground' : 'air'}
      back={{ label: screen.back }}
      next={{ label: screen.next, tone: 'plain' }}
    >
      {screen.notice && <p className={styles.note}>{screen.notice}</p>}
      <Choices choices={screen.choices} as={arrangementOf(screen)} />
    </Page>
  );
}
