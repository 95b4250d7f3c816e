/** The members of Paystack's replies, from its published specification and samples. Further members are allowed. */
import * as z from 'zod';

const id = z.number().int().positive();
const amount = z.number().int().nonnegative();
const text = z.string();
const maybeText = text.nullable();
const instant = z.iso.datetime();
const maybeInstant = instant.nullable();
const emptyOrObject = z.looseObject({}).nullable();

export const envelope = <T extends z.ZodType>(data: T) =>
  z.looseObject({ status: z.literal(true), message: text, data });

export const pagedEnvelope = <T extends z.ZodType>(entry: T) =>
  envelope(z.array(entry)).extend({
    meta: z.looseObject({
      total: amount,
      total_volume: amount,
      skipped: amount,
      perPage: z.union([amount, text]),
      page: amount,
      pageCount: amount,
    }),
  });

const customer = z.looseObject({
  id,
  first_name: maybeText,
  last_name: maybeText,
  email: z.email(),
  customer_code: z.string().startsWith('CUS_'),
  phone: maybeText,
  metadata: z.unknown().nonoptional(),
  risk_action: text,
});

export const timeline = z.looseObject({
  start_time: amount,
  time_spent: amount,
  attempts: amount,
  errors: amount,
  success: z.boolean(),
  mobile: z.boolean(),
  input: z.array(z.unknown()),
  history: z.array(z.looseObject({ type: text, message: text, time: amount })),
});

/** The members that every reply with a transaction has. */
const transactionMembers = {
  id,
  domain: z.enum(['test', 'live']),
  status: text,
  reference: text,
  amount,
  requested_amount: amount,
  message: maybeText,
  gateway_response: maybeText,
  paid_at: maybeInstant,
  paidAt: maybeInstant,
  created_at: instant,
  createdAt: instant,
  channel: text,
  currency: text,
  ip_address: maybeText,
  metadata: z.json(),
  log: timeline.nullable(),
  fees: amount.nullable(),
  fees_split: z.unknown().nonoptional(),
  customer,
  authorization: z.looseObject({}),
  plan: emptyOrObject,
  split: z.looseObject({}),
  subaccount: z.looseObject({}),
  order_id: z.null(),
  pos_transaction_data: z.null(),
  connect: z.null(),
};

const source = z.looseObject({ type: text, source: text, identifier: z.unknown().nonoptional() });

export const initialized = z.looseObject({ authorization_url: z.url(), access_code: text, reference: text });

export const verified = z.looseObject({
  ...transactionMembers,
  receipt_number: maybeText,
  source: source.nullable(),
  fees_breakdown: z.null(),
  transaction_date: instant,
  plan_object: z.looseObject({}),
});

export const fetched = z.looseObject({
  ...transactionMembers,
  receipt_number: maybeText,
  helpdesk_link: maybeText,
  source: source.nullable(),
  fees_breakdown: z.null(),
});

export const listed = z.looseObject({ ...transactionMembers, source: source.extend({ entry_point: text }).nullable() });

const sums = z.array(z.looseObject({ currency: text, amount }));

export const totals = z.looseObject({
  total_transactions: amount,
  total_volume: amount,
  total_volume_by_currency: sums,
  pending_transfers: amount,
  pending_transfers_by_currency: sums,
});

export const exported = z.looseObject({ path: z.url(), expiresAt: z.string().regex(/^[\d-]{10} [\d:]{8}$/) });

const refundMembers = {
  id,
  integration: id,
  domain: z.enum(['test', 'live']),
  currency: text,
  amount,
  deducted_amount: amount,
  channel: maybeText,
  status: z.enum(['pending', 'processing', 'processed', 'failed', 'needs-attention']),
  refunded_by: text,
  expected_at: instant,
  customer_note: text,
  merchant_note: text,
  createdAt: instant,
  updatedAt: instant,
};

export const createdRefund = z.looseObject({
  ...refundMembers,
  fully_deducted: z.boolean(),
  transaction: z.looseObject({
    id,
    domain: text,
    reference: text,
    amount,
    paid_at: instant,
    paidAt: instant,
    channel: text,
    currency: text,
    authorization: z.looseObject({}),
    customer: z.looseObject({}),
    plan: z.looseObject({}),
    subaccount: z.looseObject({ currency: z.null() }),
    split: z.looseObject({}),
    order_id: z.null(),
    pos_transaction_data: z.null(),
    source: source.nullable(),
    fees_breakdown: z.null(),
  }),
});

export const refund = z.looseObject({
  ...refundMembers,
  transaction: id,
  dispute: z.unknown().nonoptional(),
  settlement: z.null(),
  fully_deducted: z.union([z.boolean(), z.literal(0), z.literal(1)]),
  refunded_at: maybeInstant,
  reversed_at: maybeInstant,
  bank_reference: maybeText,
  transaction_reference: text,
  transaction_amount: amount,
  reason: text,
  customer: customer.nullable(),
  refund_type: text,
  refund_channel: text,
  initiated_by: text,
  session_id: maybeText,
  collect_account_number: z.boolean(),
  created_at: instant,
  updated_at: instant,
});

export const bank = z.looseObject({
  id,
  name: text,
  slug: text,
  code: text,
  longcode: text,
  gateway: maybeText,
  pay_with_bank: z.boolean(),
  supports_transfer: z.boolean(),
  available_for_direct_debit: z.boolean(),
  active: z.boolean(),
  is_deleted: z.boolean().nullable(),
  country: text,
  currency: text,
  type: text,
  createdAt: instant,
  updatedAt: instant,
});

/** The members of a transaction inside a dispute. */
const disputedTransaction = z.looseObject({
  ...{ id, domain: text, status: text, reference: text, amount, message: maybeText, gateway_response: maybeText },
  ...{ paid_at: maybeInstant, created_at: instant, channel: text, currency: text, ip_address: maybeText },
  ...{ metadata: z.json(), log: timeline.nullable(), fees: amount.nullable(), fees_split: z.unknown().nonoptional() },
  ...{ authorization: z.looseObject({}), customer: emptyOrObject, plan: emptyOrObject, subaccount: emptyOrObject },
  ...{ split: emptyOrObject, order_id: z.null(), paidAt: maybeInstant, requested_amount: amount.nullable() },
});

export const evidence = z.looseObject({
  ...{ id, dispute: id, customer_email: text, customer_name: text, customer_phone: text, service_details: text },
  ...{ delivery_address: maybeText, createdAt: instant, updatedAt: instant },
});

export const dispute = z.looseObject({
  id,
  refund_amount: amount.nullable(),
  currency: maybeText,
  status: z.enum(['awaiting-merchant-feedback', 'awaiting-bank-feedback', 'pending', 'resolved', 'archived']),
  resolution: z.enum(['merchant-accepted', 'declined', 'auto-accepted']).nullable(),
  domain: z.enum(['test', 'live']),
  transaction: disputedTransaction,
  transaction_reference: maybeText,
  category: maybeText,
  customer,
  bin: maybeText,
  last4: maybeText,
  dueAt: maybeInstant,
  resolvedAt: maybeInstant,
  evidence: evidence.nullable(),
  attachments: maybeText,
  note: maybeText,
  history: z.array(z.looseObject({ status: text, by: text, createdAt: instant })),
  messages: z.array(z.looseObject({ sender: text, body: text, createdAt: instant })),
  createdAt: instant,
  updatedAt: instant,
});

const answered = { merchant_transaction_reference: maybeText };

export const resolvedDispute = dispute.extend({
  ...answered,
  created_by: id.nullable(),
  message: z.looseObject({ ...{ dispute: id, sender: text, body: text, id, createdAt: instant, updatedAt: instant } }),
});

export const updatedDispute = dispute.extend({ ...answered, source: text, organization: id });

export const disputeEvent = z.looseObject({
  event: z.enum(['charge.dispute.create', 'charge.dispute.remind', 'charge.dispute.resolve']),
  data: dispute.extend({ created_at: instant, updated_at: instant }),
});

/** The name of an upload's file and the address for it, which carries its own permission. */
export const uploadUrl = z.looseObject({
  signedUrl: z.url().refine((url) => new URL(url).searchParams.get('X-Amz-Expires') === '1800'),
  fileName: text.regex(/^[a-z0-9]{20}$/),
});

export const settlement = z.looseObject({
  id,
  domain: z.enum(['test', 'live']),
  status: z.enum(['success', 'processing', 'pending', 'failed']),
  currency: text,
  integration: id,
  total_amount: amount,
  effective_amount: amount,
  total_fees: amount,
  total_processed: amount,
  deductions: amount.nullable(),
  settlement_date: instant,
  settled_by: z.null(),
  createdAt: instant,
  updatedAt: instant,
});
