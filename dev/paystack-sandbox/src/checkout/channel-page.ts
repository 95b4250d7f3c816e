/** The page of a payment that is completed at a bank or on a phone, with buttons that play the customer. */
import { escapeHtml } from '../http/escape-html.ts';
import type { TransactionRecord, WaitingChannel, WaitingPayment } from '../ledger/records.ts';
import { formatAmount, head, page, ways } from './page-frame.ts';

/** The wrong input of a form, as typed. */
export interface ChannelProblem {
  problem: string;
  typed: string;
}

/** `waiting` is null before the customer has begun to pay in this channel, and once the time is over. */
export function channelPage(
  transaction: TransactionRecord,
  channel: WaitingChannel,
  { waiting, problem }: { waiting: WaitingPayment | null; problem: ChannelProblem | null },
): string {
  const amount = formatAmount(transaction.requestedAmount, transaction.currency);
  const steps = { bank_transfer: transferSteps, ussd: ussdSteps, mobile_money: mobileSteps }[channel];
  return page(
    `Pay ${amount}`,
    `<div class="card">
${head(transaction)}
${ways(transaction, channel)}
<div class="steps">
${problem === null ? '' : `<p class="error" id="problem" role="alert">${escapeHtml(problem.problem)}</p>`}
${steps({ transaction, amount: escapeHtml(amount), waiting, typed: problem?.typed ?? '', hasProblem: problem !== null })}
${button('abandon', 'Cancel and go back', 'quiet')}
</div>
</div>`,
  );
}

interface Steps {
  transaction: TransactionRecord;
  amount: string;
  waiting: WaitingPayment | null;
  typed: string;
  hasProblem: boolean;
}

const time = (iso: string) => `<time datetime="${iso}">${iso.slice(11, 16)} UTC</time>`;

function button(action: string, label: string, look = ''): string {
  return `<form method="post"><button${look === '' ? '' : ` class="${look}"`} name="action" value="${action}">${label}</button></form>`;
}

function transferSteps({ transaction, amount, waiting, typed, hasProblem }: Steps): string {
  const { currency } = transaction;
  const rejected = transaction.rejectedTransfers.at(-1);
  const told =
    rejected === undefined
      ? ''
      : `<p class="error" role="alert">${escapeHtml(formatAmount(rejected.amount, currency))} arrived, and ${amount} is to be paid. It goes back to the account it came from. Send the exact amount.</p>`;
  if (waiting === null)
    return `${told}<p>Pay from your bank’s app to an account that is made for this payment.</p>
${button('begin', 'Get the account', 'primary')}`;
  const invalid = hasProblem ? ' aria-invalid="true" aria-describedby="problem" autofocus' : '';
  return `${told}<p>Send exactly <strong>${amount}</strong> to this account by ${time(waiting.expiresAt)}. Another amount is not accepted and goes back.</p>
<dl><dt>Bank</dt><dd>${escapeHtml(waiting.bank ?? '')}</dd><dt>Account number</dt><dd class="number">${escapeHtml(waiting.target)}</dd></dl>
${button('complete', 'I have sent the money', 'primary')}
<details${hasProblem ? ' open' : ''}>
<summary>Send another amount</summary>
<form method="post" novalidate>
<label class="field"><span>Amount in ${escapeHtml(currency)}</span>
<input name="amount" value="${escapeHtml(typed)}" inputmode="decimal" maxlength="15" required${invalid}></label>
<button name="action" value="complete-other">Send this amount</button>
</form>
</details>`;
}

function ussdSteps({ amount, waiting }: Steps): string {
  if (waiting === null)
    return `<p>Dial a code on your phone to pay ${amount} from your bank.</p>${button('begin', 'Get the code', 'primary')}`;
  return `<p>Dial this code by ${time(waiting.expiresAt)} to pay <strong>${amount}</strong>.</p>
<dl><dt>Code</dt><dd class="number">${escapeHtml(waiting.target)}</dd></dl>
${button('complete', 'I have dialled the code', 'primary')}
${button('refuse', 'My bank refused', 'quiet')}`;
}

function mobileSteps({ amount, waiting, typed, hasProblem }: Steps): string {
  const invalid = hasProblem ? ' aria-invalid="true" aria-describedby="problem" autofocus' : '';
  if (waiting === null)
    return `<form method="post" novalidate>
<label class="field"><span>Phone number of your wallet</span>
<input name="phone" value="${escapeHtml(typed)}" inputmode="tel" autocomplete="tel" maxlength="20" required${invalid}></label>
<button class="primary" name="action" value="begin">Pay ${amount}</button>
</form>`;
  return `<p>The phone ${escapeHtml(waiting.target)} gets a message to confirm <strong>${amount}</strong>. Confirm within 180 seconds, by ${time(waiting.expiresAt)}.</p>
${button('complete', 'Confirm on the phone', 'primary')}
${button('refuse', 'Refuse on the phone', 'quiet')}`;
}
