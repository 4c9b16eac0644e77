/** Every driver that the suite tries. A class that is missing here is missing its proof; the suite compares with the table of classes. */
import type { ConformanceSubject } from './subject.ts';

export const ALL_SUBJECTS: readonly ConformanceSubject[] = [];
