/** R13: the card comes back before anything else. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';

export function TakeCardScreen({ screen }: { readonly screen: ScreenOf<'take-card'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      urgent={screen.urgent}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
    />
  );
}
