import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/payment-terminal.subjects.ts';

defineConformance(SUBJECTS);
