/** R16: five faces, each with its word; skipping is as easy as answering. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Choices } from '../design/choices.tsx';
import { Page } from '../design/frame.tsx';
import { Picture } from '../design/pictures/picture.tsx';

export function RateScreen({ screen }: { readonly screen: ScreenOf<'rate'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name="done" />}
      next={{ label: screen.skip, tone: 'plain' }}
    >
      <Choices choices={screen.choices} as="faces" />
    </Page>
  );
}
