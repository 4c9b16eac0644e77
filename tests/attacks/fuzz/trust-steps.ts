/** Enrolment with right, wrong, used and expired codes; keys that prove nothing; documents, forms, bundles and bills. */
import {
  CODE_DIGITS,
  CODE_ID_INFO,
  CODE_KEY_INFO,
  CODE_LIFE_MS,
  enrolmentText,
  readCode,
} from '../../../contract/enrolment.ts';
import { nodeCrypto } from '../../../engine/trust/node-crypto.ts';
import { signRequest } from '../../../engine/trust/request-signer.ts';
import { fingerprintOf } from '../../../engine/trust/terminal-identity.ts';
import { namedChance } from '../../support/test-identity.ts';
import type { Draw } from './draw.ts';
import type { Answer, PlatformUnderFuzz } from './platform-under-fuzz.ts';
import { expectAnswer, expectSame, type Act } from './step.ts';

const STATIONS = ['dalong', 'shiqiao'] as const;
const TRIES = 5;
const LOCK_MS = 15 * 60_000;

export const giveCode: Act = async (model, real, draw) => {
  const said = { terminal: model.next('new-'), station: draw.pick(STATIONS) };
  const isWrong = draw.percent(15);
  const answer = await real.ops('/v1/ops/terminals', isWrong ? { ...said, station: 'Not A Station' } : said);
  expectAnswer(answer, isWrong ? '422 body.notInContract' : '200', 'a new code');
  if (isWrong) return;
  const { code, expiresAtMs } = answer.body as { code: string; expiresAtMs: number };
  expectSame(expiresAtMs, real.nowMs() + CODE_LIFE_MS, 'how long a code is good');
  model.codes.push({ ...said, code, expiresAtMs, usedBy: undefined });
};

export const enrol: Act = async (model, real, draw) => {
  const given = draw.percent(80) ? draw.maybe(model.codes) : undefined;
  const station = draw.percent(90) && given ? given.station : draw.pick(STATIONS);
  const digits = given
    ? (readCode(given.code) ?? '')
    : Array.from({ length: 12 }, () => CODE_DIGITS[draw.below(32)]).join('');
  const machine = draw.percent(70) ? (given?.usedBy ?? model.next('machine ')) : model.next('machine ');
  const tries = model.tries.get(station) ?? { failures: 0, lockedUntilMs: 0 };
  const answer = await sendEnrolment(
    real,
    { station, digits, machine, isProven: draw.percent(85) ? 'yes' : 'no' },
    draw,
  );
  const isRight = given !== undefined && given.station === station && answer.isProven;
  if (tries.lockedUntilMs > real.nowMs()) return expectAnswer(answer.answer, '429 enrol.locked', 'a locked station');
  if (!isRight) {
    const isLast = tries.failures + 1 >= TRIES;
    model.tries.set(station, {
      failures: isLast ? 0 : tries.failures + 1,
      lockedUntilMs: isLast ? real.nowMs() + LOCK_MS : 0,
    });
    return expectAnswer(answer.answer, isLast ? '429 enrol.locked' : '403 enrol.wrongCode', 'a wrong code');
  }
  if (given.usedBy !== undefined && given.usedBy !== machine)
    return expectAnswer(answer.answer, '409 enrol.usedCode', 'a used code');
  if (given.expiresAtMs < real.nowMs()) return expectAnswer(answer.answer, '410 enrol.expiredCode', 'an old code');
  expectAnswer(answer.answer, '200', 'an enrolment');
  expectSame((answer.answer.body as { terminal: string }).terminal, given.terminal, 'who was enrolled');
  if (given.usedBy === undefined) model.tries.delete(station);
  given.usedBy = machine;
};

interface Enrolment {
  readonly station: string;
  readonly digits: string;
  readonly machine: string;
  readonly isProven: 'yes' | 'no';
}

async function sendEnrolment(
  real: PlatformUnderFuzz,
  { station, digits, machine, isProven }: Enrolment,
  draw: Draw,
): Promise<{ readonly answer: Answer; readonly isProven: boolean }> {
  const keys = nodeCrypto.makeKeys(namedChance(machine));
  const secret = Buffer.from(digits, 'utf8');
  const codeId = Buffer.from(nodeCrypto.derive(secret, CODE_ID_INFO)).toString('hex').slice(0, 16);
  const told = { station, codeId, keys: keys.publicKeys };
  const key = nodeCrypto.derive(secret, CODE_KEY_INFO);
  const proof = nodeCrypto.mac(key, isProven === 'yes' ? enrolmentText(told) : 'something else');
  const body = JSON.stringify({ ...told, proof: Buffer.from(proof).toString('base64') });
  const signing = {
    alg: 'ed25519' as const,
    keyId: fingerprintOf(nodeCrypto, keys.publicKeys),
    sign: async (text: string) => Buffer.from(await keys.sign(Buffer.from(text))).toString('base64'),
  };
  const parts = { method: 'POST', path: '/v1/enrol', body: Buffer.from(body) };
  const { headers } = await signRequest(parts, signing, {
    provider: nodeCrypto,
    chance: namedChance(`enrol ${draw.below(1e9)}`),
    nowMs: real.nowMs(),
  });
  const answer = await real.call(
    { url: '/v1/enrol', body, headers: { ...headers, 'content-type': 'application/json' } },
    'wrongCode',
  );
  return { answer, isProven: isProven === 'yes' };
}

export const enrolUnsigned: Act = async (_model, real, draw) => {
  const keys = { signing: `${'A'.repeat(43)}=`, agreement: `${'A'.repeat(43)}=` };
  const body = { station: 'dalong', codeId: draw.hex(16), keys, proof: `${'A'.repeat(43)}=` };
  const headers = { 'content-type': 'application/json' };
  expectAnswer(await real.call({ url: '/v1/enrol', body, headers }), '401 signature.wrong', 'an unsigned enrolment');
};

export const keysNotProven: Act = async (model, real, draw) => {
  const { id, suspended } = draw.pick(model.terminals);
  const keys = nodeCrypto.makeKeys(namedChance(`keys ${draw.below(9)}`)).publicKeys;
  const answer = await real.callAs(id, 'keys', { keys, proof: `${'A'.repeat(86)}==` });
  expectAnswer(answer, suspended ? '403 terminal.suspended' : '422 keys.notProven', 'keys without a proof');
};

export const documents: Act = async (model, real, draw) => {
  const { id, suspended } = draw.pick(model.terminals);
  const path = draw.pick(['manifest', 'documents/prices/1', 'documents/x/-1', `documents/forms/${draw.below(1e9)}`]);
  const request = { method: 'GET', url: `/v1/terminals/${id}/${path}` } as const;
  const answer = await real.call({ ...request, headers: await real.sign(id, request) });
  const wanted = path === 'manifest' ? '200' : '404 document.unknown';
  expectAnswer(answer, suspended ? '403 terminal.suspended' : wanted, path);
};

export const atTheDesk: Act = async (model, real, draw) => {
  const { id } = draw.pick(model.terminals);
  const form = `/v1/ops/terminals/${id}/forms/${draw.percent(50) ? 'nothing' : model.next('nothing-')}`;
  const clerk = { by: 'w1', why: 'a complaint' };
  const nobody = draw.pick<unknown>([{}, { by: 'w1' }, { ...clerk, by: '' }, { ...clerk, why: '' }, null, []]);
  expectAnswer(await real.ops(`${form}/open`, clerk), '404 form.unknown', 'a form that there is not');
  for (const act of ['open', 'erase'])
    expectAnswer(await real.ops(`${form}/${act}`, nobody), '422 body.notInContract', 'asked for by nobody');
  const bundle = draw.pick<unknown>([{}, [], null, { terminal: id }, { version: 1, sealed: 'AAAA' }]);
  const answer = await real.ops('/v1/ops/courier', bundle);
  if (answer.status !== 422) expectAnswer(answer, '422 courier.damaged', 'a bundle that is none');
  const bill = draw.pick([
    '',
    'trade,terminal\n',
    'trade,terminal,kind,amountCents\nT,k,paid,x\n',
    'trade,terminal,kind,amountCents\n=1+1,k,paid,1\n',
  ]);
  const sent = await real.call({
    url: '/v1/ops/bills/bank/2026-01-05',
    body: bill,
    headers: { 'content-type': 'text/csv' },
  });
  if (bill !== '') expectAnswer(sent, '422 bill.unreadable', 'a bill that is none');
  const wrongDay = await real.call({
    url: '/v1/ops/bills/bank/2026-02-41',
    body: 'x',
    headers: { 'content-type': 'text/csv' },
  });
  expectAnswer(wrongDay, '404 bill.unknown', 'a day that there is not');
};

/** The watch reads everything that came; what it finds of chains would be ours. */
export const watch: Act = async (_model, real) => {
  await real.platform.watch.look();
  await real.wait(0);
  const broken = await real.platform.context.database
    .selectFrom('violations')
    .selectAll()
    .where('invariant', '=', 'I6')
    .execute();
  expectSame(
    broken.map(({ detail }) => detail),
    [],
    'broken chains',
  );
};
