/**
 * The steps to a payment page, each one atomic. An attempt is claimed before Paystack is called; placing the order claims
 * the first. Afterwards the page is stored, the claim is released, or the attempt is abandoned for the next reference.
 */
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { referenceOf } from '../order/ids/reference.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';
import { replaceAttempt } from '../payment/replace-attempt.ts';
import { type Claimant, isClaimed, isClaimOf, newClaim } from './attempt-claim.ts';
import { assertPayable, currentAttempt } from './payable.ts';

/** The payment page that Paystack made for a reference. */
export interface OpenedPage {
  authorizationUrl: string;
  /** Opens the same page in a pop-up. */
  accessCode: string;
}

export type NextStep =
  | { step: 'show'; order: Order; attempt: PaymentAttempt & OpenedPage }
  /** This call has the claim: call Paystack for this reference. */
  | { step: 'call'; order: Order; attempt: PaymentAttempt }
  /** Another process is calling Paystack: read again shortly. */
  | { step: 'wait'; order: Order };

/**
 * The next step to a payment page for this order. With `call` the attempt is claimed; after a definite failure it has a
 * new reference. May be raced: one caller gets `call`. `known` is the order if it was just read. Throws
 * ORDER_STATE_CONFLICT when the order takes no payment.
 */
export async function claimPaymentAttempt(
  db: Database,
  orderId: Types.ObjectId,
  claimant: Claimant,
  known: Order | null = null,
): Promise<NextStep> {
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      const now = claimant.clock();
      assertPayable(order, now);
      const attempt = currentAttempt(order);
      if (attempt.status === 'initialized') return null;
      if (attempt.status === 'created' && isClaimed(attempt, now)) return null;
      const claim = newClaim(claimant);
      if (attempt.status === 'created')
        return { set: { payments: replaceAttempt(order, { ...attempt, claim }) }, actor: 'system' };
      const next = nextAttempt(order, now);
      return {
        set: { payments: [...order.payments, { ...next, claim }], txRef: next.reference },
        actor: 'system',
      };
    },
    claimant.clock(),
    known,
  );
  const attempt = currentAttempt(order);
  if (changed) return { step: 'call', order, attempt };
  const { authorizationUrl, accessCode } = attempt;
  if (authorizationUrl === undefined || accessCode === undefined) return { step: 'wait', order };
  return { step: 'show', order, attempt: { ...attempt, authorizationUrl, accessCode } };
}

/**
 * `claimed` is the order as of the claim. Stores the page even if the claim has expired meanwhile, because Paystack gives
 * only one page per reference.
 */
export async function storePaymentPage(
  db: Database,
  claimed: Order,
  reference: string,
  { authorizationUrl, accessCode }: OpenedPage,
  now: Date,
): Promise<Order> {
  const store = (attempt: PaymentAttempt): PaymentAttempt | null => {
    if (attempt.authorizationUrl !== undefined) return null;
    const { claim: _, ...rest } = attempt;
    const status = attempt.status === 'created' ? 'initialized' : attempt.status;
    return { ...rest, status, authorizationUrl, accessCode };
  };
  return changeAttempt(db, claimed._id, reference, now, store, claimed);
}

/**
 * After a call of `by` that failed, so that the next request need not wait until the claim expires. Leaves the claim of
 * another call alone.
 */
export async function releasePaymentAttempt(
  db: Database,
  orderId: Types.ObjectId,
  { reference, by }: ClaimedAttempt,
  now: Date,
): Promise<void> {
  await changeAttempt(db, orderId, reference, now, (attempt) => {
    if (!isClaimOf(attempt, by)) return null;
    const { claim: _, ...rest } = attempt;
    return rest;
  });
}

/**
 * Paystack has the reference and never returns its page again. Its charges still count; the next claim makes a new
 * reference. Does nothing once another call has the claim: that call may have the page.
 */
export async function abandonPaymentAttempt(
  db: Database,
  orderId: Types.ObjectId,
  { reference, by }: ClaimedAttempt,
  now: Date,
): Promise<void> {
  await changeAttempt(db, orderId, reference, now, (attempt) => {
    if (attempt.status !== 'created' || !isClaimOf(attempt, by)) return null;
    const { claim: _, ...rest } = attempt;
    return { ...rest, status: 'abandoned' };
  });
}

/** The attempt of this reference as `by` claimed it. */
export interface ClaimedAttempt {
  reference: string;
  by: string;
}

async function changeAttempt(
  db: Database,
  orderId: Types.ObjectId,
  reference: string,
  now: Date,
  alter: (attempt: PaymentAttempt) => PaymentAttempt | null,
  known: Order | null = null,
): Promise<Order> {
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      const attempt = findAttempt(order, reference);
      const altered = attempt && alter(attempt);
      return altered ? { set: { payments: replaceAttempt(order, altered) }, actor: 'system' } : null;
    },
    now,
    known,
  );
  return order;
}

function nextAttempt(order: Order, now: Date): PaymentAttempt {
  return { reference: referenceOf(order.code, order.payments.length + 1), status: 'created', createdAt: now };
}
