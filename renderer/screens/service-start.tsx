/** R6: what you get, what you need, how long, what it costs. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import { isStanding, Picture } from '../design/pictures/picture.tsx';

export function ServiceStartScreen({ screen }: { readonly screen: ScreenOf<'service-start'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<Picture name={screen.picture} />}
      focalStands={isStanding(screen.picture) ? 'ground' : 'air'}
      back={{ label: screen.back }}
      next={{ label: screen.next }}
    >
      <Facts rows={screen.rows} />
    </Page>
  );
}
