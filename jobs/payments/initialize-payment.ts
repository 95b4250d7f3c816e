/**
 * From the cart to a payment page at Paystack. Atomic phases (models/checkout) and calls to Paystack alternate, so a repeat
 * with the same checkoutKey resumes at the step that was reached. It never creates a second order.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Types } from 'mongoose';
import type { Cart } from '../../models/cart/cart-document.ts';
import type { Claimant } from '../../models/checkout/attempt-claim.ts';
import { currentAttempt } from '../../models/checkout/payable.ts';
import {
  abandonPaymentAttempt,
  type ClaimedAttempt,
  claimPaymentAttempt,
  type NextStep,
  type OpenedPage,
  releasePaymentAttempt,
  storePaymentPage,
} from '../../models/checkout/payment-attempt.ts';
import { placeOrder } from '../../models/checkout/place-order.ts';
import type { Currency } from '../../models/contract/money.ts';
import { LEFT_UNPAID } from '../../models/contract/pages/pages.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { AppError } from '../../models/errors.ts';
import { contactOf } from '../../models/order/contact.ts';
import type { Address, Order } from '../../models/order/order-document.ts';
import { type GatewayError, isGatewayError } from '../../models/payment/gateway-reports.ts';
import { withTimeout } from '../concurrency/with-timeout.ts';
import type { JobContext } from '../context.ts';
import { afterPlacing } from './after-change.ts';

/** Pause between two reads while another request calls Paystack for the same attempt. */
const POLL_MS = 50;
export interface InitializeInput {
  user: { id: Types.ObjectId; email: string; name: string };
  shippingAddress: Address;
  checkoutKey: string;
  /** The caller's whole input but the expected total and currency. */
  sent: object;
  expectedTotal?: number;
  expectedCurrency?: Currency;
  /** The user's, as this call has read it; saves a read. */
  cart?: Cart;
}

export interface PaymentPage extends OpenedPage {
  order: Order;
  reference: string;
}

/**
 * Returns the order of this checkoutKey with its payment page. May be repeated and raced. Throws what placeOrder throws,
 * ORDER_STATE_CONFLICT (it takes no payment any more), GATEWAY_UNAVAILABLE (the order is kept; try the same key again),
 * GATEWAY_REJECTED.
 */
export async function initializePayment(ctx: JobContext, input: InitializeInput): Promise<PaymentPage> {
  const giveUpAt = performance.now() + DEADLINES.paymentPage;
  const claimant: Claimant = { by: ctx.random.id(), clock: () => ctx.clock.now() };
  const { order, created } = await placeOrder(ctx.db, {
    userId: input.user.id,
    contact: { email: input.user.email, name: input.user.name },
    shippingAddress: input.shippingAddress,
    checkoutKey: input.checkoutKey,
    sent: input.sent,
    ...(input.cart === undefined ? {} : { cart: input.cart }),
    ...(input.expectedTotal === undefined ? {} : { expectedTotal: input.expectedTotal }),
    ...(input.expectedCurrency === undefined ? {} : { expectedCurrency: input.expectedCurrency }),
    shippingFees: ctx.config.shippingFees,
    reservationMinutes: ctx.config.stockHoldMinutes,
    code: ctx.random.orderCode(),
    now: ctx.clock.now(),
    claimant,
  });
  afterPlacing(ctx, order, created);
  const first: NextStep = created
    ? { step: 'call', order, attempt: currentAttempt(order) }
    : await claimPaymentAttempt(ctx.db, order._id, claimant, order);
  return getPaymentPage(ctx, claimant, first, giveUpAt);
}

async function getPaymentPage(
  ctx: JobContext,
  claimant: Claimant,
  first: NextStep,
  giveUpAt: number,
): Promise<PaymentPage> {
  let next = first;
  while (performance.now() < giveUpAt) {
    const { order } = next;
    if (next.step === 'show') {
      const { reference, authorizationUrl, accessCode } = next.attempt;
      return { order, reference, authorizationUrl, accessCode };
    }
    if (next.step === 'wait') {
      await delay(POLL_MS);
    } else {
      const page = await withTimeout(
        callPaystack(ctx, next.order, { ...next.attempt, by: claimant.by }),
        giveUpAt - performance.now(),
        () => {
          throw unavailable('Paystack has not answered yet');
        },
      );
      if (page) return page;
    }
    next = await claimPaymentAttempt(ctx.db, order._id, claimant);
  }
  throw unavailable('another request still calls Paystack for this order');
}

/** Null when Paystack knows the reference already and the next one must be tried. */
async function callPaystack(
  ctx: JobContext,
  order: Order,
  { reference, by }: ClaimedAttempt,
): Promise<PaymentPage | null> {
  const startedAt = performance.now();
  const report = (outcome: string) =>
    ctx.events.paymentInitialized({
      orderId: String(order._id),
      reference,
      outcome,
      durationMs: performance.now() - startedAt,
    });
  try {
    const page = await initializeWithRetry(ctx, order, reference);
    const stored = await storePaymentPage(ctx.db, order, reference, page, ctx.clock.now());
    report('ok');
    return { order: stored, reference, ...page };
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    report(error.kind);
    if (error.kind === 'duplicate_reference') {
      await abandonPaymentAttempt(ctx.db, order._id, { reference, by }, ctx.clock.now());
      return null;
    }
    await releasePaymentAttempt(ctx.db, order._id, { reference, by }, ctx.clock.now());
    throw toAppError(error);
  }
}

/** Repeats the call once after an unknown outcome. If the first one succeeded, Paystack answers duplicate_reference. */
async function initializeWithRetry(ctx: JobContext, order: Order, reference: string) {
  const call = () =>
    ctx.paystack.initialize({
      reference,
      email: contactOf(order).email,
      total: { amount: order.total, currency: order.currency },
      callbackUrl: `${ctx.config.publicUrl}/orders/verify-payment/${reference}`,
      cancelUrl: `${ctx.config.storefrontUrl}/orders/${order._id}?${LEFT_UNPAID}`,
      metadata: { orderId: String(order._id), code: order.code },
      channels: ctx.config.paymentChannels,
    });
  try {
    return await call();
  } catch (error) {
    if (isGatewayError(error) && error.outcomeUnknown) return call();
    throw error;
  }
}

function toAppError(error: GatewayError): AppError {
  const { kind, status } = error;
  const internal = { kind, status };
  if (error.outcomeUnknown || kind === 'rate_limited') return unavailable('Paystack does not answer', internal);
  return new AppError(
    'GATEWAY_REJECTED',
    'Paystack refused to open a payment page for this order. Your order is kept; nothing was charged.',
    { internal },
  );
}

function unavailable(why: string, internal: Record<string, unknown> = {}): AppError {
  return new AppError(
    'GATEWAY_UNAVAILABLE',
    'The payment page cannot be opened right now. Your order is kept; try again in a moment.',
    {
      internal: { why, ...internal },
    },
  );
}
