/** The step kinds there are. A service may use any of them as data; a new kind is a new file and a line here. */
import type { StepKind } from '../../../contract/service.schema.ts';
import type { StepModule } from '../flow.types.ts';
import { chooseStep } from './choose.step.ts';
import { fillStep } from './fill.step.ts';
import { guideStep } from './guide.step.ts';
import { identifyStep } from './identify.step.ts';
import { issueTicketStep } from './issue-ticket.step.ts';
import { payStep } from './pay.step.ts';
import { priceStep } from './price.step.ts';
import { printStep } from './print.step.ts';
import { reviewStep } from './review.step.ts';
import { verifyCodeStep } from './verify-code.step.ts';
import { verifyFaceStep } from './verify-face.step.ts';
import { verifyFingerStep } from './verify-finger.step.ts';

export const STEPS: Readonly<Record<StepKind, StepModule>> = {
  guide: guideStep,
  identify: identifyStep,
  choose: chooseStep,
  fill: fillStep,
  price: priceStep,
  review: reviewStep,
  pay: payStep,
  'issue-ticket': issueTicketStep,
  print: printStep,
  'verify-finger': verifyFingerStep,
  'verify-face': verifyFaceStep,
  'verify-code': verifyCodeStep,
};
