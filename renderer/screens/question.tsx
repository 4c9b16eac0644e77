/** R1, R2, R7: one question, a few answers; choosing one leads on. */
import type { Picture as PictureName, ScreenOf } from '../../contract/view.schema.ts';
import { Choices } from '../design/choices.tsx';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';

type Question = ScreenOf<'question'>;

const TOPIC_PICTURES: Readonly<Record<Question['topic'], PictureName>> = {
  language: 'language',
  identify: 'card-on-reader',
  queue: 'take-number',
};

export function QuestionScreen({ screen }: { readonly screen: Question }) {
  const picture = TOPIC_PICTURES[screen.topic];
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={picture} />}
      focalStands={isStanding(picture) ? 'ground' : 'air'}
      back={{ label: screen.back }}
      next={{ label: screen.next, tone: 'plain' }}
    >
      <Choices choices={screen.choices} as={screen.choices.length > 4 ? 'tiles' : 'list'} />
    </Page>
  );
}
