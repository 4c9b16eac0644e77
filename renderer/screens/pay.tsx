/** R11: how to pay. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { BigAmount } from '../design/big-amount.tsx';
import { Choices } from '../design/choices.tsx';
import { Page } from '../design/frame.tsx';

export function PayScreen({ screen }: { readonly screen: ScreenOf<'pay'> }) {
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={<BigAmount amount={screen.amount} />}
      back={{ label: screen.back }}
      next={{ label: screen.next }}
    >
      <Choices choices={screen.choices} as="list" />
    </Page>
  );
}
