/** Sentences for the log at start, about settings that are valid and hardly meant. */
import { TRANSFER_MINUTES } from '../../models/checkout/payment-channels.ts';
import type { Config } from './config.ts';

export function startHints({
  stockHoldMinutes,
  paymentChannels,
}: Pick<Config, 'stockHoldMinutes' | 'paymentChannels'>): string[] {
  const offersTransfer = paymentChannels.length === 0 || paymentChannels.includes('bank_transfer');
  if (stockHoldMinutes === 0 || stockHoldMinutes >= TRANSFER_MINUTES || !offersTransfer) return [];
  return [
    `STOCK_HOLD_MINUTES is ${stockHoldMinutes}, and the account of a bank transfer is valid for about ${TRANSFER_MINUTES} minutes: ` +
      'an order may expire before the transfer arrives, which is then refunded. ' +
      `Set it to ${TRANSFER_MINUTES} or more, or name PAYMENT_CHANNELS without bank_transfer.`,
  ];
}
