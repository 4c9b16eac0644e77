import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/ups.subjects.ts';

defineConformance(SUBJECTS);
