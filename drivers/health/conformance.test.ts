import { defineConformance } from '../testing/conformance/define-conformance.ts';
import { SUBJECTS } from './testing/health.subjects.ts';

defineConformance(SUBJECTS);
