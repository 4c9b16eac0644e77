import { defineConformance } from '../testing/conformance/define-conformance.ts';
import { SUBJECTS } from './testing/scanner.subjects.ts';

defineConformance(SUBJECTS);
