/**
 * Every page that the two journeys and their failures can show, made by the real flow on the real configuration: what
 * the screens are drawn and judged from; and the one page that a host shows when the engine is gone.
 */
import { failed, fail, ok, problem } from '../../contract/outcome.schema.ts';
import type { View } from '../../contract/view.schema.ts';
import type { Settings } from '../../engine/flow/session.machine.ts';
import { outOfServiceView } from '../../shell/out-of-service.ts';
import { createFlowBench, type FlowBench } from './flow-bench.ts';
import { walkFace, walkFaceEnds, walkFinger, walkFingerMatch, walkIdCard, walkWithoutCheck } from './gallery-checks.ts';
import { DUE, FULL_PRICE, readCard } from './scripted-ports.ts';

export interface GalleryView {
  readonly name: string;
  readonly view: View;
}

type Keep = (name: string) => void;

export async function collectGallery(settings: Settings): Promise<readonly GalleryView[]> {
  const views: GalleryView[] = [];
  for (const walk of [
    walkParking,
    walkAnnounced,
    walkCardTroubles,
    walkPriceTroubles,
    walkPayTroubles,
    walkPaperTroubles,
    walkTicket,
    walkCovers,
    walkBoard,
    walkOfflineMoney,
    walkIdCard,
    walkFinger,
    walkFingerMatch,
    walkFace,
    walkFaceEnds,
    walkWithoutCheck,
  ]) {
    const bench = createFlowBench(settings);
    await bench.rest();
    await walk(bench, (name) => void views.push({ name, view: bench.view() }));
    bench.flow.stop();
  }
  const [first] = views;
  if (first) views.push({ name: 'out-of-service', view: outOfServiceView(first.view, '12345') });
  // a page that comes back to rest loads itself anew: what is shown at rest comes before everything else
  return views.toSorted((a, b) => Number(isAtRest(b)) - Number(isAtRest(a)));
}

function isAtRest({ view }: GalleryView): boolean {
  return view.screen.kind === 'attract';
}

function layCard(bench: FlowBench): Promise<void> {
  bench.ports.setStatus('smart-card-reader', { media: 'present' });
  return bench.rest();
}

/** From R0 to the home tiles with a card; the bench keeps the language it was made with. */
async function toHome(bench: FlowBench, locale: string): Promise<void> {
  bench.ports.reads.give(readCard());
  await bench.touch({ kind: 'choose', option: locale });
  await bench.touch({ kind: 'choose', option: 'livelihood-card' });
  await layCard(bench);
  await bench.touch({ kind: 'next' });
}

async function toPrice(bench: FlowBench): Promise<void> {
  await toHome(bench, bench.view().frame.locale);
  await bench.touch({ kind: 'choose', option: 'parking' });
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'enter', value: '粤A8K562' });
}

async function toPay(bench: FlowBench): Promise<void> {
  await toPrice(bench);
  bench.ports.quotes.give(ok(DUE));
  await bench.rest();
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'next' });
}

async function walkParking(bench: FlowBench, keep: Keep): Promise<void> {
  const { locale } = bench.view().frame;
  keep('attract');
  await bench.touch({ kind: 'start' });
  keep('language');
  await bench.touch({ kind: 'choose', option: locale });
  keep('identify');
  await bench.touch({ kind: 'choose', option: 'livelihood-card' });
  keep('card-waiting');
  await layCard(bench);
  keep('card-reading');
  bench.ports.reads.give(readCard());
  await bench.rest();
  keep('greeting');
  await bench.touch({ kind: 'next' });
  keep('home');
  await bench.touch({ kind: 'choose', option: 'parking' });
  keep('parking-guide');
  await bench.touch({ kind: 'next' });
  keep('plate');
  await bench.touch({ kind: 'enter', value: '粤A8K562' });
  keep('price-asking');
  bench.ports.quotes.give(ok(DUE));
  await bench.rest();
  keep('price');
  await bench.touch({ kind: 'next' });
  keep('review');
  await bench.touch({ kind: 'next' });
  keep('pay');
  await bench.touch({ kind: 'choose', option: 'bank-card' });
  keep('paying');
  bench.ports.charges.give({ kind: 'paid', cardMasked: '622000******0005' });
  await bench.rest();
  keep('printing-receipt');
  bench.ports.prints.give({ kind: 'printed' });
  await bench.rest();
  keep('take-receipt');
  await bench.touch({ kind: 'next' });
  keep('take-card');
  await bench.ports.clock.run(30_000);
  keep('take-card-urgent');
  bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
  await bench.rest();
  keep('rate');
  await bench.touch({ kind: 'choose', option: 'stars-5' });
  keep('goodbye');
}

/** As long as an announcement may be in each language. */
async function walkAnnounced(bench: FlowBench, keep: Keep): Promise<void> {
  const { locale } = bench.view().frame;
  bench.ports.facts.announced = {
    'zh-Hans': '春节假期二月十六日至二十二日人工窗口休息，自助终端每天照常开放，祝您新春快乐。',
    'zh-Hant': '春節假期二月十六日至二十二日人工窗口休息，自助終端日日照常開放，祝你新春快樂。',
    en: 'The desk is closed from 16 to 22 February; this machine works as on other days.',
  };
  bench.flow.refresh();
  keep('attract-announced');
  await toHome(bench, locale);
  keep('home-announced');
}

async function walkCardTroubles(bench: FlowBench, keep: Keep): Promise<void> {
  await bench.touch({ kind: 'choose', option: bench.view().frame.locale });
  await bench.touch({ kind: 'choose', option: 'livelihood-card' });
  for (const code of ['card.removed', 'card.unknown', 'card.unreadable', 'card.expired'] as const) {
    if (code === 'card.expired') {
      // three retries are enough; a card that is chosen anew has three of its own
      await bench.touch({ kind: 'back' });
      await bench.touch({ kind: 'choose', option: 'livelihood-card' });
    }
    bench.ports.reads.give(failed(code, 'none'));
    await layCard(bench);
    keep(code.replace('.', '-'));
    bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
    await bench.rest();
  }
  await bench.touch({ kind: 'next' });
  keep('home-without-card');
  bench.ports.setStatus('payment-terminal', { device: 'offline' });
  bench.ports.isOnline = false;
  bench.flow.refresh();
  await bench.rest();
  keep('home-partly');
}

async function walkPriceTroubles(bench: FlowBench, keep: Keep): Promise<void> {
  await toPrice(bench);
  bench.ports.quotes.give(fail('platform.offline'));
  await bench.rest();
  keep('price-offline');
  await bench.touch({ kind: 'retry' });
  bench.ports.quotes.give(ok({ state: 'notFound' }));
  await bench.rest();
  keep('price-not-found');
  await bench.touch({ kind: 'back' });
  await bench.touch({ kind: 'enter', value: 'A8K5623' });
  keep('plate-fault');
  await bench.touch({ kind: 'enter', value: '粤A8K562' });
  bench.ports.quotes.give(ok(FULL_PRICE));
  await bench.rest();
  keep('price-full');
  await bench.touch({ kind: 'back' });
  await bench.touch({ kind: 'enter', value: '粤A8K562' });
  bench.ports.quotes.give(ok({ state: 'alreadyPaid', paidAt: '09:14' }));
  await bench.rest();
  keep('price-already-paid');
}

async function walkPayTroubles(bench: FlowBench, keep: Keep): Promise<void> {
  await toPay(bench);
  await bench.touch({ kind: 'choose', option: 'bank-card' });
  bench.ports.charges.give({ kind: 'declined', problem: problem('payment.declined') });
  await bench.rest();
  keep('pay-declined');
  await bench.touch({ kind: 'retry' });
  await bench.touch({ kind: 'choose', option: 'bank-card' });
  bench.ports.standing = { paid: 'open', recorded: 'platform' };
  bench.ports.charges.give({ kind: 'case', code: 'K7QM-2XRD', problem: problem('payment.unknown') });
  bench.ports.prints.give({ kind: 'printed' });
  await bench.rest();
  keep('pay-unknown');
  bench.ports.standing = { paid: 'yes', recorded: 'platform' };
  bench.flow.refresh();
  keep('pay-late-paid');
  bench.ports.standing = { paid: 'no', recorded: 'platform' };
  bench.flow.refresh();
  keep('pay-late-not-paid');
  await bench.touch({ kind: 'next' });
  bench.ports.setStatus('smart-card-reader', { media: 'notPresent' });
  await bench.rest();
  keep('goodbye-with-code');
}

async function walkBoard(bench: FlowBench, keep: Keep): Promise<void> {
  await bench.touch({ kind: 'choose', option: 'board' });
  keep('board');
  // three days alone, the roll used up as well
  bench.ports.isOnline = false;
  Object.assign(bench.ports.facts, {
    unsent: 1_284,
    heardMsAgo: 72 * 3_600_000,
    ticketsLeft: 0,
    isTimeVerified: false,
  });
  bench.flow.refresh();
  keep('board-alone');
  bench.ports.setStatus('receipt-printer', { paper: 'out' });
  bench.flow.refresh();
  keep('board-paper-out');
}

/** The line is cut between paying and printing. */
async function walkOfflineMoney(bench: FlowBench, keep: Keep): Promise<void> {
  await toPay(bench);
  await bench.touch({ kind: 'choose', option: 'bank-card' });
  bench.ports.isOnline = false;
  bench.ports.standing = { paid: 'yes', recorded: 'here' };
  bench.ports.charges.give({ kind: 'paid' });
  bench.ports.prints.give({ kind: 'printed' });
  await bench.rest();
  keep('take-receipt-alone');
}

async function walkPaperTroubles(bench: FlowBench, keep: Keep): Promise<void> {
  await toPay(bench);
  await bench.touch({ kind: 'choose', option: 'bank-card' });
  bench.ports.charges.give({ kind: 'paid' });
  bench.ports.prints.give({ kind: 'case', code: 'K7QM-2XRD', problem: problem('printer.paperOut') });
  await bench.rest();
  keep('paid-not-printed');
}

async function walkTicket(bench: FlowBench, keep: Keep): Promise<void> {
  await bench.touch({ kind: 'choose', option: 'ticket' });
  keep('queue');
  await bench.touch({ kind: 'choose', option: 'civil-affairs' });
  keep('printing-ticket');
  bench.ports.prints.give({ kind: 'printed' });
  await bench.rest();
  keep('take-ticket');
  await bench.touch({ kind: 'next' }); // taken
  await bench.touch({ kind: 'next' }); // not rated
  await bench.touch({ kind: 'next' }); // goodbye
  await bench.touch({ kind: 'choose', option: 'ticket' });
  bench.ports.prints.give({ kind: 'notPrinted', problem: problem('printer.paperOut') });
  await bench.touch({ kind: 'choose', option: 'other' });
  keep('ticket-not-printed');
}

async function walkCovers(bench: FlowBench, keep: Keep): Promise<void> {
  await toHome(bench, bench.view().frame.locale);
  await bench.touch({ kind: 'help' });
  keep('help');
  await bench.touch({ kind: 'back' });
  // twice as long in large print
  for (let waited = 0; waited <= 120 && bench.view().screen.kind === 'home'; waited += 5)
    await bench.ports.clock.run(5_000);
  keep('still-there');
}
