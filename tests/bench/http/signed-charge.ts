import { createHmac } from 'node:crypto';

let gatewayId = 9_000_000_000;

export interface SignedCharge {
  body: string;
  signature: string;
}

/** Paystack's `charge.success` with its HMAC signature; `amount` in kobo. Each call has a new id, so bodies never repeat. */
export function signCharge(key: string, { reference, amount }: { reference: string; amount: number }): SignedCharge {
  gatewayId += 1;
  const at = new Date().toISOString();
  const body = JSON.stringify({
    event: 'charge.success',
    data: {
      id: gatewayId,
      domain: 'test',
      status: 'success',
      reference,
      amount,
      requested_amount: amount,
      currency: 'NGN',
      paid_at: at,
      created_at: at,
      channel: 'card',
      gateway_response: 'Successful',
      message: null,
      fees: Math.round(amount * 0.015),
      ip_address: '127.0.0.1',
      metadata: '',
      log: null,
      authorization: { authorization_code: 'AUTH_bench', last4: '4081', channel: 'card', brand: 'visa' },
      customer: { id: 1, email: 'shopper@example.com', customer_code: 'CUS_bench' },
      plan: null,
    },
  });
  return { body, signature: createHmac('sha512', key).update(body).digest('hex') };
}
