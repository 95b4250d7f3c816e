/** The words for codes on the pages of staff. A code that is missing here does not compile. */
import type {
  RefundState,
  StaffActor,
  StaffDispute,
  StaffEmail,
  StaffOrder,
  StaffPayment,
  StaffTimelineEntry,
} from '@orders-module/client';

export const ATTEMPT_WORDS: Record<StaffPayment['status'], string> = {
  created: 'not opened yet',
  initialized: 'open',
  succeeded: 'paid',
  failed: 'declined',
  abandoned: 'given up',
  reversed: 'reversed',
};

export const REFUND_WORDS: Record<RefundState, string> = {
  requested: 'requested',
  pending: 'pending at Paystack',
  processed: 'processed',
  failed: 'failed',
  needs_attention: 'needs attention',
};

export const DISPUTE_WORDS: Record<StaffDispute['state'], string> = { open: 'open', won: 'won', lost: 'lost' };

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
