/** Paystack's published test cards; every other number is refused. */
import type { RefundRecord } from './records.ts';
import type { PaymentMeans } from './transactions.ts';

export type CardName = 'success' | 'declined' | 'insufficient-funds' | 'refund-failed' | 'refund-needs-attention';

export interface TestCard {
  name: CardName;
  /** Shown on the checkout page. */
  label: string;
  number: string;
  cvv: string;
  succeeds: boolean;
  gatewayResponse: string;
  /** The final status of a refund of a charge on this card. */
  refundEnd: RefundRecord['end'];
}

export const testCards: readonly TestCard[] = [
  {
    name: 'success',
    label: 'Payment succeeds',
    number: '4084084084084081',
    cvv: '408',
    succeeds: true,
    gatewayResponse: 'Successful',
    refundEnd: 'processed',
  },
  {
    name: 'declined',
    label: 'Declined',
    number: '4084080000005408',
    cvv: '001',
    succeeds: false,
    gatewayResponse: 'Declined',
    refundEnd: 'processed',
  },
  {
    name: 'insufficient-funds',
    label: 'Insufficient funds',
    number: '4084080000670037',
    cvv: '787',
    succeeds: false,
    gatewayResponse: 'Insufficient Funds',
    refundEnd: 'processed',
  },
  {
    name: 'refund-failed',
    label: 'Succeeds; its refund fails',
    number: '4084080000671803',
    cvv: '180',
    succeeds: true,
    gatewayResponse: 'Successful',
    refundEnd: 'failed',
  },
  {
    name: 'refund-needs-attention',
    label: 'Succeeds; its refund needs attention',
    number: '4084080000671902',
    cvv: '190',
    succeeds: true,
    gatewayResponse: 'Successful',
    refundEnd: 'needs-attention',
  },
];

/** A card as the means of an attempt. */
export function meansOfCard({ number, succeeds, gatewayResponse, refundEnd }: TestCard): PaymentMeans {
  return { channel: 'card', last4: number.slice(-4), succeeds, gatewayResponse, refundEnd };
}

export function cardNamed(name: CardName): TestCard {
  const card = testCards.find((candidate) => candidate.name === name);
  if (card === undefined) throw new Error(`no test card is called ${name}`);
  return card;
}

export type CardCheck = { card: TestCard } | { problem: string; field: 'number' | 'expiry' | 'cvv' };

/** `expiry` is MM/YY; the card is valid until the end of that month. */
export function checkCard(fields: { number: string; expiry: string; cvv: string }, now: Date): CardCheck {
  const digits = fields.number.replace(/[\s-]/g, '');
  const card = testCards.find((candidate) => candidate.number === digits);
  if (card === undefined) return { problem: 'Use one of the test cards listed below.', field: 'number' };
  const match = /^(0[1-9]|1[0-2])\s*\/\s*(\d{2})$/.exec(fields.expiry.trim());
  if (match === null) return { problem: 'Write the expiry date as MM/YY.', field: 'expiry' };
  const firstInvalidMonth = Date.UTC(2000 + Number(match[2]), Number(match[1]), 1);
  if (now.getTime() >= firstInvalidMonth) return { problem: 'This card has expired.', field: 'expiry' };
  if (fields.cvv.trim() !== card.cvv) return { problem: 'The CVV does not belong to this card.', field: 'cvv' };
  return { card };
}
