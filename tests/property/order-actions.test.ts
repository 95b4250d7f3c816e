/** For random orders, an action is listed as allowed exactly when deciding it changes the order, whatever staff enter. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toActionKey } from '../../models/action-key.ts';
import {
  ATTEMPT_STATUSES,
  DISPUTE_STATES,
  EMAIL_STATES,
  ORDER_STATUSES,
  REFUND_STATES,
} from '../../models/contract/statuses.ts';
import { decideAddressCorrection } from '../../models/corrections/correct-address.ts';
import { decideContactCorrection } from '../../models/corrections/correct-contact.ts';
import { decideNote } from '../../models/corrections/notes.ts';
import { decideTags } from '../../models/corrections/tags.ts';
import { decideCancel } from '../../models/fulfilment/cancel-order.ts';
import { decideCorrection } from '../../models/fulfilment/correct-shipment.ts';
import { decideShipment } from '../../models/fulfilment/create-shipment.ts';
import { decideDelivery, decideUndoDelivery } from '../../models/fulfilment/deliver-shipment.ts';
import { decideVoid } from '../../models/fulfilment/void-shipment.ts';
import { decideResend } from '../../models/messaging/resend-email.ts';
import { decidePaymentLink } from '../../models/messaging/send-payment-link.ts';
import { addressOf } from '../../models/order/contact.ts';
import type { Order, RefundLine } from '../../models/order/order-document.ts';
import { toOrderWrite } from '../../models/order/order-write.ts';
import { derivePaymentStatus, findAttempt } from '../../models/order/payment-status.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import { decideReview } from '../../models/payment/review/review.ts';
import { decideAccountSent } from '../../models/refund/refund-account.ts';
import { decideRefund } from '../../models/refund/request-refund.ts';
import { decidePaidElsewhere, decideRetryRefund } from '../../models/refund/staff-refund-actions.ts';
import { decideRestore } from '../../models/settlement/restore-settlement.ts';
import { actionsOf } from '../../models/staff-actions/order-actions.ts';
import { type Decide, tryDecide } from '../../models/staff-actions/preview.ts';
import { aCharge, anOrder, aRefund, aShipment, PLACED_AT, REFERENCE } from '../support/an-order.ts';
import { randomRuns, sameRuns } from '../support/property-runs.ts';
import { textFaults } from '../support/text-faults.ts';

const RUNS = randomRuns(200);
const SECOND = 'ord-CODE23456789-2';
const now = PLACED_AT;
const PARCEL = { kind: 'parcel', domain: 'test', otherDomain: true } as const;
const by = { actor: 'staff:1', refundId: 'new', note: 'entered', now } as const;

const reference = fc.constantFrom(REFERENCE, SECOND);
const attempt = fc
  .record({
    status: fc.constantFrom(...ATTEMPT_STATUSES),
    amount: fc.constantFrom(11_000, 10_999),
    currency: fc.constantFrom('NGN', 'USD'),
    review: fc.constantFrom(undefined, 'open', 'closed'),
  })
  .map(({ status, amount, currency, review }) => {
    const captured = status === 'succeeded';
    const { amount: _, currency: __, ...rest } = aCharge({ status });
    const opened = { cause: 'underpaid', openedAt: now } as const;
    const shown = review === 'open' ? opened : { ...opened, resolvedAt: now };
    return captured ? { ...rest, amount, currency, ...(review === undefined ? {} : { review: shown }) } : rest;
  });
const refund = fc.record({
  reference,
  amount: fc.constantFrom(1, 5_000, 11_000),
  state: fc.constantFrom(...REFUND_STATES),
  gatewayRefundId: fc.constantFrom(undefined, '7'),
  lines: fc.constantFrom<RefundLine[] | undefined>(undefined, [{ lineId: 1, unshipped: 0, shipped: 1, restock: 0 }]),
});
const dispute = fc.record({ reference, state: fc.constantFrom(...DISPUTE_STATES) });

const shipment = fc
  .record({
    kind: fc.constantFrom('parcel', 'pickup'),
    quantity: fc.constantFrom(1, 1, 2),
    state: fc.constantFrom('under way', 'delivered', 'voided'),
  })
  .map(({ kind, quantity, state }) => ({
    kind,
    lines: [{ lineId: 1, quantity }],
    ...(state === 'delivered' ? { deliveredAt: now } : {}),
    ...(state === 'voided' ? { voidedAt: now } : {}),
  }));

/** Any combination, the impossible ones included: the guards must agree on all of them. */
const order = fc
  .record({
    status: fc.constantFrom(...ORDER_STATUSES),
    first: attempt,
    second: fc.option(attempt),
    refunds: fc.array(refund, { maxLength: 3 }),
    disputes: fc.array(dispute, { maxLength: 2 }),
    shipments: fc.array(shipment, { maxLength: 2 }),
    paidReference: fc.constantFrom(undefined, REFERENCE, SECOND),
    attempts: fc.constantFrom(0, 3),
    isQueued: fc.boolean(),
  })
  .map(({ status, first, second, refunds, disputes, shipments, paidReference, attempts, isQueued }): Order => {
    const payments = [{ ...first, reference: REFERENCE }, ...(second ? [{ ...second, reference: SECOND }] : [])];
    const paid = payments.find((one) => one.reference === paidReference)?.reference;
    const changed = anOrder({
      status,
      payments,
      refunds: refunds.map(({ gatewayRefundId, lines, ...one }, index) =>
        aRefund({
          ...one,
          refundId: `r${index}`,
          ...(lines === undefined ? {} : { lines }),
          ...(gatewayRefundId === undefined ? {} : { gatewayRefundId }),
        }),
      ),
      ...(shipments.length === 0
        ? {}
        : { shipments: shipments.map((changes, index) => aShipment({ ...changes, shipmentId: `s${index}` })) }),
      disputes: disputes.map((one, index) => ({ ...one, disputeId: `d${index}`, openedAt: PLACED_AT })),
      settlement: { attempts, ...(isQueued ? { queuedAt: now } : {}) },
      ...(paid === undefined ? {} : { paidReference: paid }),
    });
    return { ...changed, paymentStatus: derivePaymentStatus(changed) };
  });

/** One email in each state, and one of a kind that is only sent while the order can be paid. */
function emailsOf({ _id }: Order) {
  const states = EMAIL_STATES.map((state, index) => ({ kind: 'order_confirmed' as const, state, seq: index + 2 }));
  const link = { kind: 'payment_link' as const, state: 'sent' as const, seq: 9 };
  return [...states, link].map(({ kind, state, seq }) => ({ _id: `${_id}:${kind}:${seq}`, kind, state }));
}

/** The decisions of an action with inputs that staff may enter. */
function decisionsFor(of: Order, action: string, target: string | null, entered: string): Decide[] {
  const named = target ?? '';
  switch (action) {
    case 'ship':
      return [
        (one) => decideShipment(one, { ...by, ...PARCEL, key: toActionKey('key-0001', entered), carrier: entered }),
      ];
    case 'deliver':
      return [(one) => decideDelivery(one, { ...by, shipmentId: named })];
    case 'undoDeliver':
      return [(one) => decideUndoDelivery(one, { ...by, shipmentId: named, reason: entered })];
    case 'correctShipment':
      return [true, false].map(
        (isTold) => (one) => decideCorrection(one, { ...by, shipmentId: named, carrier: `new ${entered}`, isTold }),
      );
    case 'voidShipment':
      return [(one) => decideVoid(one, { ...by, shipmentId: named, reason: entered })];
    case 'cancel':
      return [true, false].map((restockRest) => (one) => decideCancel(one, { ...by, reason: 'by_staff', restockRest }));
    case 'refund': {
      const charge = findAttempt(of, target ?? of.paidReference ?? REFERENCE);
      const whole = target === null || charge === null ? {} : { amount: Math.max(1, returnedMoney(of, charge).left) };
      return [true, false].map(
        (restockRest) => (one) =>
          decideRefund(one, {
            ...by,
            ...whole,
            lines: [],
            delivery: false,
            note: entered,
            restockRest,
            ...(target === null ? {} : { reference: named }),
          }),
      );
    }
    case 'acceptReview':
    case 'refundReview': {
      const resolution = action === 'acceptReview' ? 'accept' : 'refund';
      return [(one) => decideReview(one, { ...by, reference: named, resolution, domain: 'test' })];
    }
    case 'retryRefund':
      return [(one) => decideRetryRefund(one, { ...by, refundId: named })];
    case 'recordRefundPaidElsewhere':
      return [(one) => decidePaidElsewhere(one, { ...by, refundId: named, note: entered, newRefundId: 'new' })];
    case 'sendRefundAccount':
      return [(one) => decideAccountSent(one, { ...by, refundId: named })];
    case 'retrySettlement':
      return [(one) => decideRestore(one, by)];
    case 'correctContact':
      return [(one) => decideContactCorrection(one, { ...by, name: `not ${entered}` })];
    case 'correctAddress': {
      const address = { ...addressOf(of), city: `not ${entered}` };
      return [(one) => decideAddressCorrection(one, { ...by, address })];
    }
    case 'addNote':
      return [(one) => decideNote(one, { ...by, key: toActionKey('note-0001', entered), text: entered })];
    case 'setTags':
      return [(one) => decideTags(one, { ...by, tags: [`tag ${entered}`] })];
    case 'sendPaymentLink':
      return [(one) => decidePaymentLink(one, by)];
    case 'resendEmail': {
      const email = emailsOf(of).find(({ _id }) => _id === target);
      return email ? [(one) => decideResend(one, { ...by, email })] : [];
    }
    default:
      return [];
  }
}

/** Returns the actions that were tried, each with whether it was allowed. */
function tryActions(runs: fc.Parameters<[Order, string]>): ReadonlySet<string> {
  const seen = new Set<string>();
  fc.assert(
    fc.property(order, fc.string({ minLength: 1, maxLength: 5 }), (of, entered) => {
      for (const { action, target, allowed, why } of actionsOf(of, {
        now,
        role: 'owner',
        domain: 'test',
        emails: emailsOf(of),
      })) {
        expect(why === null).toBe(allowed);
        expect(textFaults(why ?? '')).toEqual([]);
        for (const decide of decisionsFor(of, action, target, entered)) {
          const decision = tryDecide(of, decide);
          expect([action, 'change' in decision]).toEqual([action, allowed]);
          seen.add(`${action} ${allowed}`);
        }
      }
    }),
    runs,
  );
  return seen;
}

test('an action is allowed exactly when it changes the order, and a refused one has its reason', () => {
  tryActions(RUNS);
});

test('the random orders reach both outcomes of every action', () => {
  const seen = tryActions(sameRuns(240));
  const actions = [
    'ship',
    'deliver',
    'undoDeliver',
    'correctShipment',
    'voidShipment',
    'cancel',
    'refund',
    'acceptReview',
    'refundReview',
    'retryRefund',
    'recordRefundPaidElsewhere',
    'sendRefundAccount',
  ];
  for (const action of [...actions, 'retrySettlement', 'correctAddress', 'sendPaymentLink', 'resendEmail'])
    for (const allowed of [true, false])
      if (`${action} ${allowed}` !== 'refundReview false')
        expect([action, seen.has(`${action} ${allowed}`)]).toEqual([action, true]);
});

test('a decided change of a possible order can be written', () => {
  const confirmed = anOrder({
    status: 'confirmed',
    payments: [aCharge()],
    paidReference: REFERENCE,
    paymentStatus: 'paid',
  });
  for (const decide of ['ship', 'cancel', 'refund'].flatMap((action) => decisionsFor(confirmed, action, null, 'x'))) {
    const change = decide(confirmed);
    if (change === null) throw new Error('a confirmed order allows each of them');
    expect(toOrderWrite(confirmed, change, now).entry).not.toBeNull();
  }
});
