/** The page works without scripts; every value from a request is escaped. */
import { escapeHtml } from '../http/escape-html.ts';
import type { TransactionRecord } from '../ledger/records.ts';
import { type TestCard, testCards } from '../ledger/test-cards.ts';
import { formatAmount, head, page, ways } from './page-frame.ts';

export interface CheckoutForm {
  number: string;
  expiry: string;
  cvv: string;
}

export interface FieldProblem {
  problem: string;
  field: keyof CheckoutForm;
}

/** The buttons under "Decide what happens": the value posted as `action`, and the label. */
export const outcomeButtons = [
  ['success', 'Pay'],
  ['decline', 'Decline the card'],
  ['abandon', 'Abandon: back to the shop without paying'],
  ['pay-twice', 'Pay twice: also pay the order’s other open pages'],
  ['lose-webhook', 'Pay, and lose the webhook'],
  ['duplicate-webhook', 'Pay, and send the webhook twice'],
  ['late-webhook', 'Pay, and send the webhook 30 seconds late'],
  ['hold-webhook', 'Pay, and hold the webhook until it is released'],
] as const;

export type Outcome = (typeof outcomeButtons)[number][0];

function field(
  name: keyof CheckoutForm,
  label: string,
  attributes: string,
  form: CheckoutForm,
  problem: FieldProblem | null,
): string {
  const invalid = problem?.field === name ? ' aria-invalid="true" aria-describedby="problem" autofocus' : '';
  return `<label class="field"><span>${label}</span>
<input name="${name}" value="${escapeHtml(form[name])}" required ${attributes}${invalid}></label>`;
}

function cardRow(card: TestCard): string {
  const number = card.number.replace(/(\d{4})(?=\d)/g, '$1 ');
  return `<tr><th scope="row">${escapeHtml(card.label)}</th><td>${number}</td><td>${card.cvv}</td></tr>`;
}

function cardTable(): string {
  return `<details>
<summary>Test cards</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Test cards">
<table><thead><tr><th scope="col">What happens</th><th scope="col">Number</th><th scope="col">CVV</th></tr></thead>
<tbody>${testCards.map(cardRow).join('')}</tbody></table>
</div>
</details>`;
}

function outcomes(): string {
  const buttons = outcomeButtons.map(([action, label]) => `<button name="action" value="${action}">${label}</button>`);
  return `<details>
<summary>Decide what happens</summary>
<p>For trying out the shop: each button simulates a customer, a bank or a network that behaves so.</p>
<form method="post"><div class="outcomes">${buttons.join('\n')}</div></form>
</details>`;
}

/** `problem` belongs to a field; `declined` is the bank's response to the previous attempt. */
export function payPage(
  transaction: TransactionRecord,
  form: CheckoutForm,
  options: { problem: FieldProblem | null; declined: string | null },
): string {
  const { problem, declined } = options;
  const message =
    problem?.problem ?? (declined === null ? null : `${declined}. You were not charged; try another card.`);
  const amount = escapeHtml(formatAmount(transaction.requestedAmount, transaction.currency));
  return page(
    `Pay ${formatAmount(transaction.requestedAmount, transaction.currency)}`,
    `<div class="card">
${head(transaction)}
${ways(transaction, 'card')}
<form method="post" novalidate>
${message === null ? '' : `<p class="error" id="problem" role="alert">${escapeHtml(message)}</p>`}
${field('number', 'Card number', 'inputmode="numeric" autocomplete="cc-number" maxlength="30"', form, problem)}
<div class="row">
${field('expiry', 'Expiry (MM/YY)', 'autocomplete="cc-exp" maxlength="7"', form, problem)}
${field('cvv', 'CVV', 'inputmode="numeric" autocomplete="cc-csc" maxlength="4"', form, problem)}
</div>
<button class="primary" name="action" value="card">Pay ${amount}</button>
<button class="quiet" name="action" value="abandon">Cancel and go back</button>
</form>
${cardTable()}
${outcomes()}
</div>`,
  );
}

/** Shown once the reference is paid, or after a cancellation without a return address. */
export function endPage(transaction: TransactionRecord, text: string, returnTo: string | null): string {
  const link =
    returnTo === null ? '' : `<a class="button primary" href="${escapeHtml(returnTo)}">Return to the shop</a>`;
  return page(
    'Payment',
    `<div class="card">${head(transaction)}<div class="done"><p role="status">${escapeHtml(text)}</p>${link}</div></div>`,
  );
}

export function missingPage(): string {
  return page(
    'Not found',
    '<div class="card"><div class="done"><h1>This payment page does not exist.</h1></div></div>',
  );
}
