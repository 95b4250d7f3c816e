/** Paystack's words for the ways to pay that its page can offer. */
export const PAYMENT_CHANNELS = [
  'card',
  'bank',
  'bank_transfer',
  'ussd',
  'mobile_money',
  'qr',
  'eft',
  'apple_pay',
  'capitec_pay',
  'payattitude',
] as const;

export type PaymentChannel = (typeof PAYMENT_CHANNELS)[number];

/** Paystack keeps the account of a bank transfer for about this long; a customer may send the money at its end. */
export const TRANSFER_MINUTES = 30;
