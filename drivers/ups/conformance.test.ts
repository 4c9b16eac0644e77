import { defineConformance } from '../testing/conformance/define-conformance.ts';
import { SUBJECTS } from './testing/ups.subjects.ts';

defineConformance(SUBJECTS);
