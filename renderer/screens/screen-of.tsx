/** One component per kind of screen. */
import type { ComponentType } from 'react';
import type { Screen, ScreenKind, ScreenOf as Shown } from '../../contract/view.schema.ts';
import { AttractScreen } from './attract.tsx';
import { BoardScreen } from './board.tsx';
import { FaceCameraScreen } from './face-camera.tsx';
import { GoodbyeScreen } from './goodbye.tsx';
import { GreetingScreen } from './greeting.tsx';
import { HelpScreen } from './help.tsx';
import { HomeScreen } from './home.tsx';
import { OutOfServiceScreen } from './out-of-service.tsx';
import { PadScreen } from './pad.tsx';
import { PayScreen } from './pay.tsx';
import { PresentCardScreen } from './present-card.tsx';
import { PresentFingerScreen } from './present-finger.tsx';
import { PriceScreen } from './price.tsx';
import { ProblemScreen } from './problem.tsx';
import { QuestionScreen } from './question.tsx';
import { RateScreen } from './rate.tsx';
import { ReviewScreen } from './review.tsx';
import { ServiceStartScreen } from './service-start.tsx';
import { StillThereScreen } from './still-there.tsx';
import { TakeCardScreen } from './take-card.tsx';
import { TakePaperScreen } from './take-paper.tsx';
import { WorkingScreen } from './working.tsx';

const SCREEN_COMPONENTS: { readonly [Kind in ScreenKind]: ComponentType<{ readonly screen: Shown<Kind> }> } = {
  attract: AttractScreen,
  question: QuestionScreen,
  'present-card': PresentCardScreen,
  'present-finger': PresentFingerScreen,
  'face-camera': FaceCameraScreen,
  greeting: GreetingScreen,
  home: HomeScreen,
  board: BoardScreen,
  'service-start': ServiceStartScreen,
  pad: PadScreen,
  price: PriceScreen,
  review: ReviewScreen,
  pay: PayScreen,
  working: WorkingScreen,
  'take-card': TakeCardScreen,
  'take-paper': TakePaperScreen,
  rate: RateScreen,
  goodbye: GoodbyeScreen,
  'still-there': StillThereScreen,
  help: HelpScreen,
  problem: ProblemScreen,
  'out-of-service': OutOfServiceScreen,
};

export function ScreenOf({ screen }: { readonly screen: Screen }) {
  // The table pairs each kind with its own component; the compiler cannot follow that pairing through a union.
  const Component = SCREEN_COMPONENTS[screen.kind] as ComponentType<{ readonly screen: Screen }>;
  return <Component screen={screen} />;
}
