import { defineConformance } from '../testing/conformance/define-conformance.ts';
import { SUBJECTS } from './testing/fingerprint-reader.subjects.ts';

defineConformance(SUBJECTS);
