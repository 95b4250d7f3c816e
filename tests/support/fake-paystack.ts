/** The sandbox behind the real PaystackService, for tests that need no web process. */
import { pino } from 'pino';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import type { PaystackPort } from '../../jobs/ports.ts';
import type { Order } from '../../models/order/order-document.ts';
import { systemClock, systemRandom } from '../../server/context/system-ports.ts';
import { createPaystackService } from '../../server/paystack/service.ts';

export const TEST_KEY = 'sk_test_0123456789abcdef0123456789abcdef01234567';

export interface FakePaystack {
  sandbox: PaystackSandbox;
  paystack: PaystackPort;
}

/** Close the sandbox at the end. */
export async function startPaystack(): Promise<FakePaystack> {
  const sandbox = await startPaystackSandbox({ secretKey: TEST_KEY });
  const log = pino({ level: 'silent' });
  const ports = { clock: systemClock, random: systemRandom, log };
  return { sandbox, paystack: createPaystackService({ secretKey: TEST_KEY, baseUrl: sandbox.url, ...ports }) };
}

/** Opens the payment page of the order's current reference. */
export async function initializeAt(paystack: PaystackPort, order: Order): Promise<void> {
  await paystack.initialize({
    reference: order.txRef,
    email: order.contactSnapshot.email,
    total: { amount: order.total, currency: order.currency },
    callbackUrl: 'http://127.0.0.1/back',
    cancelUrl: 'http://127.0.0.1/cancel',
    metadata: { orderId: String(order._id), code: order.code },
  });
}
