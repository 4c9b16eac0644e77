import { defineConformance } from '../testing/conformance/define-conformance.ts';
import { SUBJECTS } from './testing/id-card-reader.subjects.ts';

defineConformance(SUBJECTS);
