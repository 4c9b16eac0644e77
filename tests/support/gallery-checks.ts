/** The pages of "who is this": the ID card on its reader, the finger, the face, the code, and every way around them. */
import { fail, failed, ok } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import type { FlowBench } from './flow-bench.ts';
import { CARD, fingerReferences, fingerVerdict, readCard, readIdCard } from './scripted-ports.ts';

type Keep = (name: string) => void;

const BYTES = 'QUJDRA==';

export async function walkIdCard(bench: FlowBench, keep: Keep): Promise<void> {
  await bench.touch({ kind: 'choose', option: bench.view().frame.locale });
  await bench.touch({ kind: 'choose', option: 'id-card' });
  keep('id-card-waiting');
  await idCardIs(bench, 'entering');
  keep('id-card-reading');
  await idCardIs(bench, 'latched');
  keep('id-card-lift-again');
  await readFails(bench, 'card.removed');
  keep('id-card-left-early');
  for (const code of ['idCard.notGenuine', 'idCard.unknownDocument', 'card.unreadable'] as const) {
    await bench.ports.clock.run(4_000);
    await readFails(bench, code);
    if (code !== 'card.unreadable') keep(`id-card-${code.replace('idCard.', '')}`);
  }
  keep('card-exhausted');
  await bench.touch({ kind: 'choose', option: 'person' });
  keep('card-person');
  await bench.touch({ kind: 'back' });
  await bench.touch({ kind: 'choose', option: 'other-card' });
  await bench.touch({ kind: 'choose', option: 'id-card' });
  await readFails(bench, 'card.unreadable');
  keep('id-card-unreadable');
  bench.ports.setStatus('id-card-reader', { device: 'offline' });
  await bench.rest();
  keep('id-card-broken');
  await bench.touch({ kind: 'back' });
  keep('identify-id-closed');
}

async function idCardIs(bench: FlowBench, media: 'entering' | 'latched' | 'notPresent'): Promise<void> {
  bench.ports.setStatus('id-card-reader', { media });
  await bench.rest();
}

async function readFails(bench: FlowBench, code: ProblemCode): Promise<void> {
  bench.ports.idReads.give(failed(code, 'none'));
  await idCardIs(bench, 'notPresent');
}

/** To the first page of the finger check, with a card whose owner the platform knows. */
export async function toFingerOffer(bench: FlowBench): Promise<void> {
  bench.ports.reads.give(readCard(CARD));
  await bench.touch({ kind: 'choose', option: bench.view().frame.locale });
  await bench.touch({ kind: 'choose', option: 'livelihood-card' });
  bench.ports.setStatus('smart-card-reader', { media: 'present' });
  await bench.rest();
  await bench.touch({ kind: 'next' });
  await bench.touch({ kind: 'choose', option: 'collect-card' });
  await bench.touch({ kind: 'next' });
  bench.ports.offers.give(ok({ state: 'open', fingers: ['right-thumb', 'left-thumb', 'right-index'] }));
  await bench.rest();
}

export async function toFingerPress(bench: FlowBench): Promise<void> {
  await toFingerOffer(bench);
  bench.ports.templates.give(ok(fingerReferences('right-thumb', 'left-thumb', 'right-index')));
  await bench.touch({ kind: 'choose', option: 'give' });
}

/** One try on the sensor: the finger comes, the module answers, the finger goes. */
export async function tryFinger(bench: FlowBench, verdict: ReturnType<typeof fingerVerdict>): Promise<void> {
  bench.ports.setStatus('fingerprint-reader', { media: 'present' });
  bench.ports.fingers.give(verdict);
  await bench.rest();
}

export async function liftFinger(bench: FlowBench): Promise<void> {
  bench.ports.setStatus('fingerprint-reader', { media: 'notPresent' });
  bench.ports.fingers.give({
    kind: 'done',
    reply: { kind: 'await-lift' },
    evidence: { method: 'zfm.noFinger', value: '02' },
  });
  await bench.rest();
}

export async function walkFinger(bench: FlowBench, keep: Keep): Promise<void> {
  await toFingerOffer(bench);
  keep('finger-offer');
  await bench.touch({ kind: 'choose', option: 'give' });
  keep('finger-waiting');
  bench.ports.templates.give(ok(fingerReferences('right-thumb', 'left-thumb', 'right-index')));
  await bench.rest();
  keep('finger-place');
  bench.ports.setStatus('fingerprint-reader', { media: 'present' });
  await bench.rest();
  keep('finger-hold');
  await tryFinger(bench, fingerVerdict('poor', 'dry'));
  keep('finger-lift');
  await liftFinger(bench);
  keep('finger-dry');
  await tryFinger(bench, fingerVerdict('poor', 'dry'));
  await liftFinger(bench);
  keep('finger-other');
  await tryFinger(bench, fingerVerdict('poor', 'wet'));
  await liftFinger(bench);
  keep('finger-wet');
  await tryFinger(bench, fingerVerdict('mismatch'));
  await liftFinger(bench);
  await tryFinger(bench, fingerVerdict('poor', 'hold'));
  await liftFinger(bench);
  keep('finger-still');
  await tryFinger(bench, fingerVerdict('mismatch'));
  keep('finger-tried');
  await bench.touch({ kind: 'choose', option: 'person' });
  keep('finger-person');
}

export async function walkFingerMatch(bench: FlowBench, keep: Keep): Promise<void> {
  await toFingerPress(bench);
  await tryFinger(bench, fingerVerdict('mismatch', 'press'));
  await liftFinger(bench);
  keep('finger-press');
  await tryFinger(bench, fingerVerdict('match'));
  keep('finger-done');
  await bench.ports.clock.run(1_500);
  keep('printing-slip');
  bench.ports.prints.give({ kind: 'printed' });
  await bench.rest();
  keep('take-slip');
}

export async function walkFace(bench: FlowBench, keep: Keep): Promise<void> {
  await toFingerOffer(bench);
  await bench.touch({ kind: 'choose', option: 'cannot' });
  keep('face-consent');
  await bench.touch({ kind: 'choose', option: 'agree' });
  keep('face-camera');
  await bench.touch({ kind: 'face', result: { seen: 'face', picture: BYTES } });
  keep('face-checking');
  bench.ports.faces.give(ok('again'));
  await bench.rest();
  keep('face-again');
  await bench.touch({ kind: 'choose', option: 'retry' });
  await bench.touch({ kind: 'face', result: { seen: 'notLive' } });
  bench.ports.faces.give(ok('paused'));
  await bench.rest();
  keep('face-paused');
  await bench.touch({ kind: 'choose', option: 'other' });
  keep('code');
  await bench.touch({ kind: 'enter', value: '123456' });
  keep('code-checking');
  bench.ports.codes.give(ok('noMatch'));
  await bench.rest();
  keep('code-wrong');
}

export async function walkFaceEnds(bench: FlowBench, keep: Keep): Promise<void> {
  await toFingerOffer(bench);
  await bench.touch({ kind: 'choose', option: 'cannot' });
  await bench.touch({ kind: 'choose', option: 'agree' });
  await bench.touch({ kind: 'face', result: { seen: 'noCamera' } });
  keep('face-no-camera');
  await bench.touch({ kind: 'back' });
  await bench.touch({ kind: 'next' });
  bench.ports.offers.give(ok({ state: 'locked' }));
  await bench.rest();
  keep('finger-closed');
  await bench.touch({ kind: 'choose', option: 'other' });
  await bench.touch({ kind: 'choose', option: 'agree' });
  await bench.touch({ kind: 'face', result: { seen: 'face', picture: BYTES } });
  bench.ports.faces.give(ok('match'));
  await bench.rest();
  keep('face-done');
}

export async function walkWithoutCheck(bench: FlowBench, keep: Keep): Promise<void> {
  await bench.touch({ kind: 'choose', option: bench.view().frame.locale });
  await bench.touch({ kind: 'choose', option: 'no-card' });
  await bench.touch({ kind: 'choose', option: 'collect-card' });
  keep('collect-guide');
  await bench.touch({ kind: 'next' });
  bench.ports.idReads.give(readIdCard());
  await bench.touch({ kind: 'choose', option: 'id-card' });
  keep('id-card-greeting');
  bench.ports.setStatus('fingerprint-reader', { device: 'hardwareError' });
  await bench.touch({ kind: 'next' });
  keep('finger-broken');
  await bench.touch({ kind: 'choose', option: 'other' });
  await bench.touch({ kind: 'choose', option: 'agree' });
  await bench.touch({ kind: 'face', result: { seen: 'face', picture: BYTES } });
  bench.ports.faces.give(fail('platform.offline'));
  await bench.rest();
  keep('face-offline');
  await bench.touch({ kind: 'choose', option: 'ticket' });
  bench.ports.prints.give({ kind: 'printed' });
  await bench.rest();
  keep('take-window-slip');
}
