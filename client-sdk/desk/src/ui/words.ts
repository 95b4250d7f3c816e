/** The words for codes on the pages of staff. A code that is missing here does not compile. */
import type {
  FailedEmail,
  OrderStatus,
  PaymentStatus,
  Payout,
  Role,
  StaffActor,
  StaffDispute,
  StaffEmail,
  StaffOrder,
  StaffPayment,
  StaffTimelineEntry,
} from '@orders-module/client';

/** Paystack's own words for a payout are few and may be new: only success means that it has reached the bank. */
export function payoutWords({ status, state }: Pick<Payout, 'status' | 'state'>): string {
  if (status === 'failed') return 'failed at Paystack';
  if (status !== 'success') return 'on its way';
  return { reading: 'being compared', proved: 'proved', differs: 'differs' }[state];
}

export const ATTEMPT_WORDS: Record<StaffPayment['status'], string> = {
  created: 'not opened yet',
  initialized: 'open',
  succeeded: 'paid',
  failed: 'declined',
  abandoned: 'given up',
};

/** Paystack's words for the reasons of disputes; others are shown as they come. */
const CATEGORY_WORDS: ReadonlyMap<string, string> = new Map([
  ['chargeback', 'the cardholder wants the money back'],
  ['fraud', 'the cardholder says that they did not pay'],
  ['general', 'the cardholder is not content'],
]);

export function disputeReason(category: string | null): string | null {
  return category === null ? null : (CATEGORY_WORDS.get(category) ?? category);
}

export const DISPUTE_WORDS: Record<StaffDispute['state'], string> = { open: 'open', won: 'won', lost: 'lost' };

export const ANSWER_WORDS: Record<NonNullable<StaffDispute['answer']>['state'], string> = {
  waiting: 'waiting to be sent',
  sending: 'on its way to Paystack',
  sent: 'at Paystack',
  refused: 'not taken by Paystack',
};

export const EMAIL_WORDS: Record<StaffEmail['kind'], string> = {
  order_confirmed: 'Order confirmed',
  order_cancelled: 'Order cancelled',
  order_shipped: 'Order on its way',
  order_delivered: 'Order delivered',
  tracking_corrected: 'Correction about a parcel',
  refund_started: 'Refund on its way',
  refund_done: 'Refund complete',
  payment_review: 'Payment being checked',
  payment_link: 'Link to pay',
  payment_reminder: 'Order not paid yet',
};

export const OUTBOX_WORDS: Record<FailedEmail['kind'], string> = {
  ...EMAIL_WORDS,
  dispute_due: 'A dispute needs an answer',
  invitation: 'Invitation to the staff',
  new_orders: 'New orders',
  verify_email: 'Confirm your email address',
  reset_password: 'Set a new password',
  password_changed: 'Your password was changed',
};

export const TIMELINE_WORDS: Record<StaffTimelineEntry['kind'], string> = {
  history: 'order',
  payment: 'payment',
  webhook: 'webhook',
  refund: 'refund',
  email: 'email',
  job: 'failure',
};

export const EMAIL_STATE_WORDS: Record<StaffEmail['state'], string> = {
  queued: 'waiting to be sent',
  sent: 'sent',
  parked: 'could not be sent',
  withdrawn: 'not sent: there was nothing to pay any more, or it would have come late',
};

/** For an actor without a name. */
export const ACTOR_WORDS: Record<StaffActor['kind'], string> = {
  system: 'the shop',
  customer: 'the customer',
  paystack: 'Paystack',
  staff: 'a former colleague',
};

export const FIELD_WORDS: Record<StaffOrder['differs'][number]['field'], string> = {
  email: 'Email',
  name: 'Name',
  phone: 'Phone',
  line1: 'Street',
  line2: 'Second line',
  city: 'City',
  state: 'State',
  postalCode: 'Postal code',
  country: 'Country',
};

export const ROLE_WORDS: Record<Role, string> = {
  owner: 'Owner',
  manager: 'Manager',
  support: 'Support',
  packer: 'Packer',
  customer: 'Customer',
};

export const FULFILMENT_WORDS: Record<OrderStatus, string> = {
  pending: 'Not paid yet',
  confirmed: 'To ship',
  shipped: 'Shipped',
  delivered: 'Delivered',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
};

export const MONEY_TONES: Record<PaymentStatus, 'info' | 'good' | 'warn' | 'bad'> = {
  unpaid: 'warn',
  paid: 'good',
  refunding: 'info',
  partially_refunded: 'info',
  refunded: 'info',
  review: 'bad',
};
