/** Requests whose envelope is wrong: unsigned, wrongly signed, said again, out of time, too large, not JSON, not theirs. */
import { nextBatch, sendGood, targetOf } from './batch-steps.ts';
import { TERMINAL_IDS, type PlatformUnderFuzz, type Request, type TerminalId } from './platform-under-fuzz.ts';
import { expectAnswer, type Act } from './step.ts';
import type { Draw } from './draw.ts';
import type { Model } from './model.ts';

const MINUTE_MS = 60_000;
const CALLS = [
  'heartbeat',
  'ticket-blocks',
  'parking/quotes',
  'identity/code-checks',
  'streams/ledger/batches',
] as const;

/** Of a terminal that may speak; with no effect when it is refused. */
function someCall(model: Model, draw: Draw): { readonly terminal: TerminalId; readonly request: Request } {
  const { id } = draw.pick(model.terminals.filter(({ suspended }) => !suspended));
  return { terminal: id, request: { url: `/v1/terminals/${id}/${draw.pick(CALLS)}`, body: {} } };
}

function allSuspended(model: Model): boolean {
  return model.terminals.every(({ suspended }) => suspended);
}

export const unsigned: Act = async (model, real, draw) => {
  if (allSuspended(model)) return;
  const { request } = someCall(model, draw);
  const headers = draw.pick([
    {},
    { authorization: 'Kiosk kiosk-1:token-of-the-first-one' },
    { signature: 'sig1=:AAAA:', 'signature-input': 'nonsense' },
    { signature: '', 'signature-input': '' },
  ]) as Record<string, string>;
  expectAnswer(await real.call({ ...request, headers }), '401 signature.missing', 'an unsigned request');
};

export const wronglySigned: Act = async (model, real, draw) => {
  if (allSuspended(model)) return;
  const { terminal, request } = someCall(model, draw);
  const signed = await real.sign(terminal, request);
  switch (draw.below(4)) {
    case 0: {
      const other = { ...request, url: request.url.replace(/[a-z]+$/, 'heartbeats') };
      const headers = await real.sign(terminal, other);
      return expectAnswer(
        await real.call({ ...request, headers }),
        '401 signature.wrong',
        'a signature of another address',
      );
    }
    case 1: {
      const answer = await real.call({ ...request, headers: signed, body: { session: 1 } });
      return expectAnswer(answer, '401 signature.wrong', 'a body that was changed');
    }
    case 2: {
      const signature = flip(signed['signature'] ?? '', draw);
      const answer = await real.call({ ...request, headers: { ...signed, signature } });
      return expectAnswer(answer, '401 signature.wrong', 'a signature with a flipped letter');
    }
    default: {
      const { 'content-digest': _gone, ...headers } = signed;
      return expectAnswer(await real.call({ ...request, headers }), '401 signature.wrong', 'no digest');
    }
  }
};

/** Another letter of base64, not in the last group, whose bits may not count. */
function flip(signature: string, draw: Draw): string {
  const at = signature.indexOf(':') + 1 + draw.below(30);
  return `${signature.slice(0, at)}${signature[at] === 'A' ? 'B' : 'A'}${signature.slice(at + 1)}`;
}

/** Evidence must be signed with the terminal's own key. */
export const agreedKeyForBatch: Act = async (model, real, draw) => {
  if (allSuspended(model)) return;
  const target = targetOf(model, draw);
  if (target.terminal.suspended) return;
  const request = {
    url: `/v1/terminals/${target.terminal.id}/streams/${target.name}/batches`,
    body: nextBatch(model, target, draw, real.nowMs()),
  };
  const headers = await real.sign(target.terminal.id, request, { alg: 'hmac-sha256' });
  expectAnswer(await real.call({ ...request, headers }), '401 signature.wrong', 'a batch signed with the agreed key');
};

export const notItsOwn: Act = async (model, real, draw) => {
  if (allSuspended(model)) return;
  const { terminal, request } = someCall(model, draw);
  const other = draw.pick(TERMINAL_IDS.filter((id) => id !== terminal));
  const elsewhere = { ...request, url: request.url.replace(terminal, other) };
  const headers = await real.sign(terminal, elsewhere);
  expectAnswer(await real.call({ ...elsewhere, headers }), '403 terminal.notYours', 'the address of another terminal');
};

/** A good request, word for word once more: at once, and when its time is over. */
export const replayed: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const { terminal } = target;
  if (terminal.suspended) return;
  const request = { url: `/v1/terminals/${terminal.id}/heartbeat`, body: {} };
  const headers = await real.sign(terminal.id, request);
  expectAnswer(await real.call({ ...request, headers }), '200', 'a heartbeat');
  if (draw.percent(30)) await real.wait(draw.between(1, 4) * MINUTE_MS);
  expectAnswer(await real.call({ ...request, headers }), '401 signature.replayed', 'a request said again');
};

export const outOfTime: Act = async (model, real, draw) => {
  if (allSuspended(model)) return;
  const { terminal, request } = someCall(model, draw);
  const skewMs = (draw.percent(50) ? 1 : -1) * (draw.between(6, 60) * MINUTE_MS + draw.below(1_000));
  const headers = await real.sign(terminal, request, {
    skewMs: draw.percent(20) ? -56 * 365 * 24 * 60 * MINUTE_MS : skewMs,
  });
  expectAnswer(await real.call({ ...request, headers }), '401 clock.skewed', 'a clock that is wrong');
};

export const tooLarge: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const { terminal } = target;
  if (terminal.suspended) return;
  const isBatch = draw.percent(2);
  const path = isBatch ? 'streams/ledger/batches' : draw.pick(['ticket-blocks', 'heartbeat', 'parking/quotes']);
  const answer = await real.callAs(terminal.id, path, { fill: 'x'.repeat(isBatch ? 2 * 1024 * 1024 : 5_000) });
  expectAnswer(answer, '413 tooLarge', 'too large a body');
};

export const notJson: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const { id, suspended } = target.terminal;
  if (suspended) return;
  const url = `/v1/terminals/${id}/${draw.pick(CALLS)}`;
  const body = draw.pick(['{', '{"a":1', '\u0000', '[1,]', '{"__proto__":1}', 'NaN', '{"a":"\\ud800"', '﻿{}x']);
  const headers = await real.sign(id, { url, body });
  // elsewhere the parser refuses such a key; a batch is read against its schema alone, which has none
  const isRead = body.includes('__proto__') && url.endsWith('/batches');
  const expected = isRead ? '422 body.notInContract' : '400 unreadable';
  expectAnswer(await real.call({ url, body, headers }), expected, `what is not JSON: ${body}`);
};

export const otherType: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const { id, suspended } = target.terminal;
  if (suspended) return;
  const url = `/v1/terminals/${id}/ticket-blocks`;
  const headers = {
    ...(await real.sign(id, { url, body: 'a=1' })),
    'content-type': draw.pick(['text/html', 'text/xml', 'application/x-www-form-urlencoded']),
  };
  expectAnswer(await real.call({ url, body: 'a=1', headers }), '415 notJson', 'another type');
};

export const nowhere: Act = async (_model, real, draw) => {
  const url = draw.pick([
    '/nowhere',
    '/v1',
    '/v1/terminals',
    '/v1/terminals/kiosk-1',
    '/v2/terminals/kiosk-1/heartbeat',
    '/%00',
    '/..%2f',
    `/${'a'.repeat(900)}`,
  ]);
  const answer = await real.call({ method: draw.pick(['GET', 'POST']), url });
  if (answer.status !== 404 && answer.status !== 400) expectAnswer(answer, '404 notFound', url);
};

export const suspendOrResume: Act = async (model, real, draw) => {
  const terminal = draw.pick(model.terminals);
  // Mostly back: a terminal that may not speak tries little.
  const suspend = !terminal.suspended && draw.percent(40);
  const answer = await real.ops(`/v1/ops/terminals/${terminal.id}/${suspend ? 'suspend' : 'resume'}`, {});
  expectAnswer(answer, '204', 'suspend or resume');
  terminal.suspended = suspend;
};

export const suspendNobody: Act = async (_model, real, draw) => {
  const answer = await real.ops(`/v1/ops/terminals/nobody-${draw.below(9)}/${draw.pick(['suspend', 'resume'])}`, {});
  expectAnswer(answer, '404 terminal.unknown', 'suspending nobody');
};

/** What was refused can be sent as it should be, and goes in. */
export const refusedThenGood: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  if (target.terminal.suspended) return;
  const batch = nextBatch(model, target, draw, real.nowMs());
  const url = `/v1/terminals/${target.terminal.id}/streams/${target.name}/batches`;
  const headers = await real.sign(target.terminal.id, { url, body: batch }, { skewMs: 10 * MINUTE_MS });
  expectAnswer(await real.call({ url, body: batch, headers }), '401 clock.skewed', 'a batch with a wrong clock');
  await sendGood(real, target, batch);
};

export const wait: Act = (_model, real: PlatformUnderFuzz, draw) =>
  real.wait(
    draw.pick([1_000, 20_000, MINUTE_MS, 4 * MINUTE_MS, 11 * MINUTE_MS, 3 * 60 * MINUTE_MS, 25 * 60 * MINUTE_MS]),
  );
