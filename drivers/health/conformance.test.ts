import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/health.subjects.ts';

defineConformance(SUBJECTS);
