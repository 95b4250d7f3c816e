/** Ways to pay beside the card: what the page offers in each currency, and how long each waits for the customer. */
import type { Channel, TransactionRecord, WaitingChannel, WaitingPayment } from './records.ts';
import { Refusal } from './refusal.ts';

const OFFERED: ReadonlyMap<string, readonly Channel[]> = new Map([
  ['NGN', ['card', 'bank_transfer', 'ussd']],
  ['GHS', ['card', 'mobile_money']],
  ['KES', ['card', 'mobile_money', 'bank_transfer']],
  ['OF', ['card', 'mobile_money']],
]);

const MINUTE_MS = 60_000;

/** The statuses that verify shows meanwhile. */
export const WAITING_STATUS: Record<WaitingChannel, string> = {
  bank_transfer: 'ongoing',
  ussd: 'pending',
  mobile_money: 'pay_offline',
};

/** `wanted` are the words of `channels[]` at initialize, null when it was missing. Refuses a page that could offer nothing. */
export function offeredChannels(currency: string, wanted: readonly unknown[] | null): Channel[] {
  const possible = OFFERED.get(currency) ?? ['card'];
  const offered = possible.filter((channel) => wanted === null || wanted.length === 0 || wanted.includes(channel));
  if (offered.length === 0) throw new Refusal(400, 'invalid_params', 'No active channel');
  return [...offered];
}

/** An account of Pesalink's is valid for 25 minutes, a Nigerian one for 30; a phone can confirm for 180 seconds. */
function lifetimeMs(channel: WaitingChannel, currency: string): number {
  if (channel === 'mobile_money') return 3 * MINUTE_MS;
  if (channel === 'ussd') return 10 * MINUTE_MS;
  return (currency === 'KES' ? 25 : 30) * MINUTE_MS;
}

/** Begins a payment in this channel. One that still waits in the same channel is kept, with its account or code. */
export function beginWaiting(
  transaction: TransactionRecord,
  channel: WaitingChannel,
  { phone, now }: { phone: string; now: Date },
): WaitingPayment {
  const { waiting, currency, id } = transaction;
  if (waiting?.channel === channel && (channel !== 'mobile_money' || waiting.target === phone)) return waiting;
  const begun: WaitingPayment = {
    channel,
    target: targetOf(channel, id, phone),
    bank: channel === 'bank_transfer' ? (currency === 'KES' ? 'Pesalink Sandbox Bank' : 'Sandbox Bank') : null,
    expiresAt: new Date(now.getTime() + lifetimeMs(channel, currency)).toISOString(),
  };
  Object.assign(transaction, { waiting: begun, channel, status: WAITING_STATUS[channel], gatewayResponse: null });
  return begun;
}

function targetOf(channel: WaitingChannel, id: number, phone: string): string {
  if (channel === 'mobile_money') return phone;
  const digits = String(id).slice(-8);
  return channel === 'ussd' ? `*737*000*${digits}#` : `99${digits}`;
}

/** The time of a payment is over: nobody can complete it any more, and the page begins anew. */
export function expireWaiting(transaction: TransactionRecord, now: string): void {
  const { waiting } = transaction;
  transaction.waiting = null;
  if (waiting?.channel === 'mobile_money') {
    const gatewayResponse = 'Payment was not confirmed in time';
    transaction.attempts.push({ at: now, channel: waiting.channel, last4: null, succeeded: false, gatewayResponse });
    Object.assign(transaction, { status: 'failed', gatewayResponse });
  } else Object.assign(transaction, { status: 'abandoned', gatewayResponse: 'The transaction was not completed' });
}
