/** Sentences for the log at start, about settings that are valid and hardly meant. */
import { TRANSFER_MINUTES } from '../../models/checkout/payment-channels.ts';
import type { Config } from './config.ts';

export function startHints(config: Config): string[] {
  return [...transferHints(config), ...bounceHints(config)];
}

function transferHints({
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

function bounceHints({ production, sendgridWebhookKey }: Pick<Config, 'production' | 'sendgridWebhookKey'>): string[] {
  if (!production || sendgridWebhookKey !== null) return [];
  return [
    'SENDGRID_WEBHOOK_KEY is not set: an email that bounces, or that SendGrid drops, is shown as sent. ' +
      'Switch on the signed event webhook at SendGrid with the address /webhooks/sendgrid of PUBLIC_URL, and set its verification key.',
  ];
}
