import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/locker.subjects.ts';

defineConformance(SUBJECTS);
