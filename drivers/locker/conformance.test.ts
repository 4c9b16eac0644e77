import { defineConformance } from '../testing/conformance/define-conformance.ts';
import { SUBJECTS } from './testing/locker.subjects.ts';

defineConformance(SUBJECTS);
