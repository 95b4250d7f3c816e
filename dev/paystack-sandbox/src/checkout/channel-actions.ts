/** The buttons of the pages for transfers, USSD and mobile money. */
import type { Channel, TransactionRecord, WaitingChannel, WaitingPayment } from '../ledger/records.ts';
import type { ChannelSimulator } from '../simulator/channel-simulator.ts';
import type { ChannelProblem } from './channel-page.ts';

export const channelActions = ['begin', 'complete', 'complete-other', 'refuse'] as const;
export type ChannelAction = (typeof channelActions)[number];

export interface ChannelForm {
  action: ChannelAction;
  /** As typed, in major units. */
  amount: string;
  phone: string;
}

export function isChannelAction(action: string): action is ChannelAction {
  return channelActions.some((known) => known === action);
}

/** The payment that waits in this channel. */
export function waitingIn({ waiting }: TransactionRecord, channel: Channel): WaitingPayment | null {
  return waiting?.channel === channel ? waiting : null;
}

/** Begins or completes a payment. A button of a payment whose time is over does nothing. Returns what is wrong with the input. */
export function actInChannel(
  simulator: ChannelSimulator,
  transaction: TransactionRecord,
  channel: WaitingChannel,
  { action, amount, phone }: ChannelForm,
): ChannelProblem | null {
  if (action === 'begin') {
    const digits = phone.replaceAll(/[\s()-]/g, '');
    if (channel === 'mobile_money' && !/^\+?\d{7,15}$/.test(digits))
      return { problem: 'Write the number of a phone.', typed: phone };
    simulator.begin(transaction.reference, channel, { phone: digits });
    return null;
  }
  if (waitingIn(transaction, channel) === null) return null;
  const sent = action === 'complete-other' ? readAmount(amount) : transaction.requestedAmount;
  if (sent === null) return { problem: 'Write the amount that is sent, like 1500.00.', typed: amount };
  simulator.complete(transaction.reference, { amount: sent, approved: action !== 'refuse' });
  return null;
}

/** With or without two digits after the point; null for text that is no amount. */
function readAmount(typed: string): number | null {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed.replaceAll(/[\s,]/g, ''));
  const amount = match === null ? 0 : Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);
  return amount > 0 ? amount : null;
}
