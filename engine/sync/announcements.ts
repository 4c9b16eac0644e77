/** The channel `announce`: what the office tells whoever stands before the machine, between two moments. */
import { parse } from '../../contract/check.ts';
import type { Localised } from '../../contract/document.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { AnnounceDocument } from '../../contract/published-content.schema.ts';

interface Announcement {
  /** Platform wall time, ms; `untilMs` is not part of it. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly words: Localised;
}

export function readAnnouncements(content: unknown): Result<readonly Announcement[]> {
  const read = parse(AnnounceDocument, content, 'publication.refused');
  if (!read.ok) return read;
  const announcements = read.value.announcements.map(({ from, until, words }) => ({
    fromMs: Date.parse(from),
    untilMs: Date.parse(until),
    words,
  }));
  // `2026-13-01` has the shape of a day and is none: no comparison with it holds
  const wrong = announcements.findIndex(({ fromMs, untilMs }) => !(fromMs < untilMs));
  if (wrong !== -1) return fail('publication.refused', `announcement ${wrong + 1} does not end after it begins`);
  return ok(announcements);
}

/** `content` is what `readAnnouncements` gave, or nothing. */
export function announcementAt(content: unknown, nowMs: number): Localised | undefined {
  const announcements = (content ?? []) as readonly Announcement[];
  return announcements.find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs)?.words;
}
