import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/receipt-printer.subjects.ts';

defineConformance(SUBJECTS);
