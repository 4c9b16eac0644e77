/**
 * What no accessibility checker looks at: millimetres. Sizes, gaps and glyph faces on this glass, clipping and overlap,
 * reach, unmasked personal data, the drawn focus ring, and the places that never move. Each finding is one line.
 */
import type { Page } from '@playwright/test';
import type { Frame } from '../../../contract/view.schema.ts';
import { measurePage, type Box, type Measured } from './measure-page.ts';

export interface AuditLimits {
  readonly targetMm: number;
  readonly gapMm: number;
  readonly glyphFaceMm: number;
  readonly focusRingMm: number;
  readonly reachMm: number;
  /** Share of the height, from the bottom, that holds every control in low-reach mode. */
  readonly lowShare: number;
}

export const LIMITS: AuditLimits = {
  targetMm: 20,
  gapMm: 4,
  glyphFaceMm: 7.25,
  focusRingMm: 2,
  reachMm: 1220,
  lowShare: 0.55,
};

/** Half a pixel of rounding, in millimetres. */
const SLACK_MM = 0.13;
const PERSONAL: readonly (readonly [RegExp, string])[] = [
  [/(?<!\d)\d{17}[\dXx](?![\dXx])/, 'an 18-digit identity number'],
  [/(?<!\d)1[3-9]\d{9}(?!\d)/, 'an 11-digit phone number'],
  [/(?<!\d)\d{16,19}(?!\d)/, 'a 16 to 19-digit card number'],
];

export async function auditPage(page: Page, frame: Frame, limits: AuditLimits = LIMITS): Promise<string[]> {
  const measured = await page.evaluate(measurePage);
  const perMm = frame.display.pixelsPerMm;
  return [
    ...sizeFindings(measured, perMm, limits),
    ...gapFindings(measured, perMm, limits),
    ...glyphFindings(measured, perMm, limits),
    ...measured.clipped,
    ...coverFindings(measured),
    ...reachFindings(measured, frame, limits),
    ...personalFindings(measured),
    ...structureFindings(measured),
  ];
}

/** Walks all controls with Tab; each must get a ring at least as thick as the limit. */
export async function auditFocus(page: Page, frame: Frame, limits: AuditLimits = LIMITS): Promise<string[]> {
  const findings: string[] = [];
  const count = await page.locator('button').count();
  await page.evaluate(() =>
    document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined,
  );
  const seen = new Set<string>();
  // past the end the focus leaves the page once before it comes round
  for (let step = 0; step < count + 2 && seen.size < count; step++) {
    await page.keyboard.press('Tab');
    const ring = await page.evaluate(() => {
      const active = document.activeElement;
      if (!(active instanceof HTMLButtonElement)) return null;
      const style = getComputedStyle(active);
      const index = [...document.querySelectorAll('button')].indexOf(active);
      const drawn = style.outlineStyle !== 'none' && style.outlineColor !== 'rgba(0, 0, 0, 0)';
      return { name: `${index} ${active.textContent}`, widthPx: drawn ? Number.parseFloat(style.outlineWidth) : 0 };
    });
    if (!ring) continue;
    seen.add(ring.name);
    const widthMm = ring.widthPx / frame.display.pixelsPerMm;
    if (widthMm < limits.focusRingMm - SLACK_MM)
      findings.push(`focus ring of ${widthMm.toFixed(1)} mm on "${ring.name}"`);
  }
  if (seen.size < count) findings.push(`Tab reaches ${seen.size} of ${count} controls`);
  return findings;
}

function sizeFindings({ controls }: Measured, perMm: number, limits: AuditLimits): string[] {
  return controls
    .filter(({ box }) => Math.min(box.width, box.height) / perMm < limits.targetMm - SLACK_MM)
    .map(({ name, box }) => `target ${mm(box.width, perMm)} x ${mm(box.height, perMm)} mm: "${name}"`);
}

function gapFindings({ controls }: Measured, perMm: number, limits: AuditLimits): string[] {
  const findings: string[] = [];
  controls.forEach((one, index) => {
    for (const other of controls.slice(index + 1)) {
      const gapMm = gapBetween(one.box, other.box) / perMm;
      if (gapMm < limits.gapMm - SLACK_MM)
        findings.push(`gap ${gapMm.toFixed(1)} mm: "${one.name}" and "${other.name}"`);
    }
  });
  return findings;
}

/** Zero when they touch, below zero when they overlap. */
function gapBetween(one: Box, other: Box): number {
  const across = Math.max(one.x, other.x) - Math.min(one.x + one.width, other.x + other.width);
  const down = Math.max(one.y, other.y) - Math.min(one.y + one.height, other.y + other.height);
  return Math.max(across, down);
}

function glyphFindings({ texts }: Measured, perMm: number, limits: AuditLimits): string[] {
  return texts
    .filter(({ fontPx }) => (fontPx * 0.92) / perMm < limits.glyphFaceMm - 0.02)
    .map(({ text, fontPx }) => `glyph face ${((fontPx * 0.92) / perMm).toFixed(2)} mm: "${text}"`);
}

function coverFindings({ controls }: Measured): string[] {
  return controls.filter(({ covered }) => covered).map(({ name }) => `something covers "${name}"`);
}

function reachFindings({ controls, height }: Measured, frame: Frame, limits: AuditLimits): string[] {
  const { pixelsPerMm, lowerEdgeMm } = frame.display;
  const lineMm = frame.reach === 'low' ? (height / pixelsPerMm) * limits.lowShare : limits.reachMm - lowerEdgeMm;
  return controls
    .filter(({ box }) => (height - box.y) / pixelsPerMm > lineMm + 0.5)
    .map(
      ({ name, box }) => `control ${mm(height - box.y, pixelsPerMm)} mm above the lower edge, out of reach: "${name}"`,
    );
}

function personalFindings({ strings }: Measured): string[] {
  return strings.flatMap(({ where, value }) =>
    PERSONAL.filter(([pattern]) => pattern.test(value.replaceAll(/[ \u00a0-]/g, ''))).map(
      ([, what]) => `${what} in ${where}`,
    ),
  );
}

function structureFindings({ headings, language }: Measured): string[] {
  const findings: string[] = [];
  if (headings !== 1) findings.push(`${headings} h1 on the page`);
  if (!/^(zh-Hans|zh-Hant-HK|en)$/.test(language)) findings.push(`lang is "${language}"`);
  return findings;
}

function mm(pixels: number, perMm: number): string {
  return (pixels / perMm).toFixed(1);
}

/** The help bar's place, to be compared from page to page. */
export async function helpBarPlaces(page: Page): Promise<string> {
  const boxes = await page.locator('nav button').evaluateAll((buttons) =>
    buttons.map((button) => {
      const { x, y, width, height } = button.getBoundingClientRect();
      return [x, y, width, height].map(Math.round).join(',');
    }),
  );
  return boxes.join(' ');
}
