/** R3: where the card goes, drawn for this machine. The red arrow is the one thing to do; the keys stay quiet. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';

export function PresentCardScreen({ screen }: { readonly screen: ScreenOf<'present-card'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
      back={{ label: screen.back }}
      next={{ label: screen.next, tone: 'plain' }}
    />
  );
}
