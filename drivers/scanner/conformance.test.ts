import { defineConformance } from '../testing/conformance/define-conformance.test-support.ts';
import { SUBJECTS } from './testing/scanner.subjects.ts';

defineConformance(SUBJECTS);
