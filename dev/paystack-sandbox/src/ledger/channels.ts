/** Ways to pay beside the card: what the page offers in each currency, and how long each waits for the customer. */

import type { TransactionRecord } from './records.ts';
import { Refusal } from './refusal.ts';

export const channels = ['card', 'bank_transfer', 'ussd', 'mobile_money'] as const;
export type Channel = (typeof channels)[number];

/** The channels that end elsewhere: at the customer's bank, or on the phone. */
export type WaitingChannel = Exclude<Channel, 'card'>;

/** A payment that was begun on the page and is completed at a bank or on a phone. */
export interface WaitingPayment {
  channel: WaitingChannel;
  /** The account to send the money to, the code to dial, or the phone that is asked to confirm. */
  target: string;
  /** The bank of the account; null for the others. */
  bank: string | null;
  expiresAt: string;
}

/** A transfer of a wrong amount. It has gone back to the sender's account. */
export interface RejectedTransfer {
  at: string;
  amount: number;
}

const OFFERED: ReadonlyMap<string, readonly Channel[]> = new Map([
  ['NGN', ['card', 'bank_transfer', 'ussd']],
  ['GHS', ['card', 'mobile_money']],
  ['KES', ['card', 'mobile_money', 'bank_transfer']],
  ['XOF', ['card', 'mobile_money']],
]);

const MINUTE_MS = 60_000;

/** The statuses that verify shows meanwhile. */
export const WAITING_STATUS: Record<WaitingChannel, string> = {
  bank_transfer: 'ongoing',
  ussd: 'pending',
  mobile_money: 'pay_offline',
};

export function isChannel(value: unknown): value is Channel {
  return channels.some((channel) => channel === value);
}

/** `asked` are the words of `channels[]` at initialize, null when it was missing. Refuses a page that could offer nothing. */
export function offeredChannels(currency: string, asked: readonly unknown[] | null): Channel[] {
  const possible = OFFERED.get(currency) ?? ['card'];
  const offered = possible.filter((channel) => asked === null || asked.length === 0 || asked.includes(channel));
  if (offered.length === 0) throw new Refusal(400, 'invalid_params', 'No active channel');
  return [...offered];
}

/** Pesalink's accounts live for 25 minutes, Nigerian ones for 30; a phone asks for 180 seconds. */
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
