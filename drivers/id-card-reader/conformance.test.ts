import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/id-card-reader.subjects.ts';

defineConformance(SUBJECTS);
