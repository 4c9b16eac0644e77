/** X3: one page for every trouble: what happened, what became of the money, what to do now. */
import type { Problem } from '../../contract/outcome.schema.ts';
import type { Picture } from '../../contract/picture.schema.ts';
import type { ScreenOf } from '../../contract/view.schema.ts';
import type { Scene } from './flow.types.ts';
import { problemTexts } from './texts.ts';

type ProblemScreen = ScreenOf<'problem'>;

export interface ProblemParts {
  readonly picture: Picture;
  readonly title?: string;
  readonly money?: string;
  readonly lamps?: ProblemScreen['lamps'];
  /** Code of an open case: what the resident keeps. */
  readonly claimCode?: string;
  readonly actions: readonly ('back' | 'retry' | 'end' | 'next')[];
  readonly whatToDo?: string;
}

export function problemScreen({ speech }: Scene, problem: Problem, parts: ProblemParts): ProblemScreen {
  const texts = problemTexts(speech, problem);
  const has = (action: ProblemParts['actions'][number]) => parts.actions.includes(action);
  return {
    kind: 'problem',
    title: parts.title ?? texts.title,
    picture: parts.picture,
    ...(parts.money ? { money: parts.money } : {}),
    lamps: parts.lamps ?? [],
    ...(parts.claimCode ? { claim: { label: speech.say('case.label'), value: parts.claimCode } } : {}),
    whatToDo: parts.whatToDo ?? texts.whatToDo,
    number: texts.number,
    ...(has('retry') ? { retry: speech.say('action.retry') } : {}),
    ...(has('back') ? { back: speech.say('action.back') } : {}),
    ...(has('next') ? { next: speech.say('action.next') } : has('end') ? { next: speech.say('action.finish') } : {}),
  };
}
