import { defineConformance } from '../testing/conformance/define-conformance.ts';
import { SUBJECTS } from './testing/receipt-printer.subjects.ts';

defineConformance(SUBJECTS);
