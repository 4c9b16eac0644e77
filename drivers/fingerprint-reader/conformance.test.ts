import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/fingerprint-reader.subjects.ts';

defineConformance(SUBJECTS);
