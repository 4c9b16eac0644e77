import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/smart-card-reader.subjects.ts';

defineConformance(SUBJECTS);
