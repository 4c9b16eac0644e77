import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/sensors-and-lights.subjects.ts';

defineConformance(SUBJECTS);
