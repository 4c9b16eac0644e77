/** How the state of the devices with a face of their own is drawn; `act(action, input)` sends what is pressed. */
import { element, lamp, list } from './elements.js';

const PAYMENTS = [
  { label: 'Approve', next: null },
  { label: 'Decline', next: { outcome: 'decline' } },
  { label: 'Approve, reply lost', next: { replyLost: true } },
  { label: 'Slow: 70 seconds', next: { approvalDelayMs: 70_000 } },
  { label: 'Reply twice', next: { duplicateReply: true } },
  { label: 'Damaged reply', next: { badLrc: true } },
];
const PLACES = {
  mouth: 'in the mouth',
  taken: 'taken',
  retracted: 'retracted',
  ejected: 'thrown out',
  jammed: 'stuck inside',
  torn: 'torn off, unfinished',
};
const ROLL_CM = 8_000;

function drawCard(panel, state, act) {
  lamp(
    panel,
    state.card ? (state.connected ? 'card read' : 'reader not there') : 'empty',
    state.card ? (state.connected ? '' : 'bad') : 'off',
  );
  const card = state.cards.find((candidate) => candidate.id === state.card);
  panel.querySelector('[data-card]').textContent = card
    ? `${card.label} lies on the reader; ${state.exchanges} answers given.`
    : 'Nothing lies on the reader. Lay a card on it:';
  panel.querySelector('[data-when="card"]').disabled = !card;
  const cards = panel.querySelector('[data-cards]');
  list(cards, state.cards.map(({ id: card }) => card).join(), () =>
    state.cards.map((candidate) => {
      const button = element('button', undefined, { type: 'button' });
      button.dataset.card = candidate.id;
      button.append(element('span', candidate.label), element('small', candidate.note));
      button.addEventListener('click', () => act('insert', { card: candidate.id }));
      return button;
    }),
  );
  for (const button of cards.children) button.setAttribute('aria-pressed', String(button.dataset.card === state.card));
}

const yuan = (cents) => `¥ ${(cents / 100).toFixed(2)}`;

function drawTerminal(panel, state, act) {
  lamp(panel, state.connected ? 'connected' : 'no kiosk', state.connected ? '' : 'off');
  panel.querySelector('[data-pending]').textContent = state.pending
    ? `Asking for ${yuan(state.pending.amountCents)} (echo ${state.pending.echo}) …`
    : 'Waiting for a payment.';
  const next = panel.querySelector('[data-next]');
  list(next, 'payments', () =>
    PAYMENTS.map((payment) => {
      const button = element('button', payment.label, { type: 'button' });
      button.addEventListener('click', () => act('next', payment.next));
      return button;
    }),
  );
  for (const [place, button] of [...next.children].entries()) {
    button.setAttribute('aria-pressed', String(JSON.stringify(PAYMENTS[place].next) === JSON.stringify(state.next)));
  }
  const sums = [
    ['Asked', state.saleRequests],
    ['Approved', state.approved],
    ['Declined', state.declined],
    ['Given back', state.voided],
    ['Charged', yuan(state.chargedCents)],
  ];
  list(panel.querySelector('[data-sums]'), sums.join(), () =>
    sums.map(([name, value]) => {
      const pair = element('div');
      pair.append(element('dt', name), element('dd', String(value)));
      return pair;
    }),
  );
  const last = state.sales.slice(-5).reverse();
  list(panel.querySelector('[data-sales]'), JSON.stringify(last), () =>
    last.map((sale) => {
      const item = element('li');
      const fate = sale.voided ? 'given back' : sale.approved ? 'approved' : 'declined';
      item.append(element('span', `${sale.voucher} · ${fate}`), element('span', yuan(sale.amountCents)));
      return item;
    }),
  );
}

function printerTrouble({ status, hung }) {
  if (hung) return 'hangs';
  if (status.coverOpen) return 'cover open';
  if (status.paperOut) return 'paper out';
  if (status.cutterJam) return 'cutter jam';
  if (status.slipJam) return 'slip stuck';
  return '';
}

function drawPrinter(panel, state, _act, id) {
  const trouble = printerTrouble(state);
  lamp(panel, trouble || (state.connected ? 'ready' : 'no kiosk'), trouble ? 'bad' : state.connected ? '' : 'off');
  const metres = (state.remainingCm / 100).toFixed(1);
  panel.querySelector('[data-paper]').textContent = state.status.paperOut
    ? 'There is no paper in it.'
    : `${metres} m of paper left${state.status.nearEnd ? ', near the end' : ''}. ${state.slipsCut} slips cut.`;
  const meter = panel.querySelector('[data-meter]');
  meter.style.width = `${state.status.paperOut ? 0 : Math.min(100, (state.remainingCm / ROLL_CM) * 100)}%`;
  meter.classList.toggle('low', state.status.nearEnd);
  panel.querySelector('[data-when="slip"]').disabled = !state.slips.some(({ place }) => place === 'mouth');
  panel.querySelector('[data-act="open-cover"]').disabled = state.status.coverOpen;
  panel.querySelector('[data-act="close-cover"]').disabled = !state.status.coverOpen;
  panel.querySelector('[data-act="clear-jam"]').disabled = !state.status.cutterJam && !state.status.slipJam;
  const slips = state.slips.slice(-8).reverse();
  list(panel.querySelector('[data-slips]'), slips.map(({ number, place }) => `${number}${place}`).join(), () =>
    slips.length > 0 ? slips.map((slip) => slipFigure(id, slip)) : [element('p', 'No slip yet.')],
  );
}

function slipFigure(id, slip) {
  const figure = element('figure', undefined, { className: slip.place === 'mouth' ? '' : 'gone' });
  const picture = element('img', undefined, { src: `/api/${id}/slips/${slip.number}.png`, alt: slip.text });
  figure.append(picture, element('figcaption', `No. ${slip.number}, ${slip.lengthMm} mm, ${PLACES[slip.place]}`));
  return figure;
}

export const DRAW = { 'smart-card-reader': drawCard, 'payment-terminal': drawTerminal, 'receipt-printer': drawPrinter };
