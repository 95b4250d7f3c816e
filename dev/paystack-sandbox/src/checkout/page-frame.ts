/** The parts that every page of the checkout has. */
import { escapeHtml } from '../http/escape-html.ts';
import type { Channel, TransactionRecord } from '../ledger/records.ts';
import { style } from './checkout-style.ts';

/** For example "₦1,500.00". The parts are formatted apart, because floating point would round. */
export function formatAmount(amount: number, currency: string): string {
  const symbol = new Map([
    ['NGN', '₦'],
    ['GHS', 'GH₵'],
    ['ZAR', 'R'],
    ['KES', 'KSh '],
    ['USD', '$'],
  ]).get(currency);
  const major = Math.floor(amount / 100).toLocaleString('en-US');
  return `${symbol ?? `${currency} `}${major}.${String(amount % 100).padStart(2, '0')}`;
}

export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="note">Sandbox: no money moves. Use the test cards only.</p>
${body}
</main>
</body>
</html>
`;
}

export function head(transaction: TransactionRecord): string {
  return `<div class="head">
<h1>Secure payment</h1>
<p>${escapeHtml(transaction.email)}</p>
<p class="amount">${escapeHtml(formatAmount(transaction.requestedAmount, transaction.currency))}</p>
<p>Reference ${escapeHtml(transaction.reference)}</p>
</div>`;
}

const WAYS: Record<Channel, string> = {
  card: 'Card',
  bank_transfer: 'Transfer',
  ussd: 'USSD',
  mobile_money: 'Mobile money',
};

/** Links to the ways to pay; nothing when there is only one. */
export function ways({ channels }: TransactionRecord, current: Channel): string {
  if (channels.length < 2) return '';
  const links = channels.map((channel) => {
    const mark = channel === current ? ' aria-current="page"' : '';
    return `<li><a href="?way=${channel}"${mark}>${WAYS[channel]}</a></li>`;
  });
  return `<nav aria-label="Ways to pay"><ul class="ways">${links.join('')}</ul></nav>`;
}
