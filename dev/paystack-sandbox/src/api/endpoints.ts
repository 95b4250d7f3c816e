/** Sources: Paystack's API reference, "Transactions" and "Refunds". */
import type { Domain, Json, Records, TransactionRecord } from '../ledger/records.ts';
import { createRefund, getRefund, retryWithCustomerDetails } from '../ledger/refunds.ts';
import { Refusal } from '../ledger/refusal.ts';
import { findByIdOrReference, findWhere, getTransaction, initialize } from '../ledger/transactions.ts';
import type { PaymentSimulator } from '../simulator/payment-simulator.ts';
import type { Switches } from '../switches.ts';
import { success } from '../views/envelope.ts';
import { createdRefundView, refundView } from '../views/refund-view.ts';
import { transactionView } from '../views/transaction-view.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { paged } from './paging.ts';

export interface EndpointsOptions {
  records: Records;
  simulator: PaymentSimulator;
  domain: Domain;
  switches: () => Switches;
  now: () => Date;
  onChange: () => void;
  /** The checkout page's address for an access code. */
  checkoutUrl: (accessCode: string) => string;
}

export function transactionEndpoints(options: EndpointsOptions): ApiEndpoint[] {
  const { records, switches } = options;
  const view = (transaction: TransactionRecord): Json => transactionView(transaction, switches());
  return [
    {
      route: 'initialize',
      method: 'post',
      path: '/transaction/initialize',
      subject: (call) => textOrNull(call.body.reference),
      handle: (call) => openTransaction(call, options),
    },
    {
      route: 'verify',
      method: 'get',
      path: '/transaction/verify/:reference',
      subject: (call) => call.params.reference ?? null,
      handle: (call) => {
        const reference = call.params.reference ?? '';
        return success(
          'Verification successful',
          view(getTransaction(records, reference, switches().unknownReferenceStatus)),
        );
      },
    },
    {
      route: 'list',
      method: 'get',
      path: '/transaction',
      subject: () => null,
      handle: (call) => {
        const { status } = call.query;
        const matching = [...records.transactions.values()].filter(
          (one) => status === undefined || one.status === status,
        );
        return paged('Transactions retrieved', matching, call, view);
      },
    },
    {
      route: 'transaction.get',
      method: 'get',
      path: '/transaction/:id',
      subject: (call) => referenceOf(records, call.params.id),
      handle: (call) => {
        const transaction = findWhere(records, ({ id }) => String(id) === call.params.id);
        if (transaction === undefined) throw new Refusal(404, 'transaction_not_found', 'Transaction not found');
        return success('Transaction retrieved', view(transaction));
      },
    },
  ];
}

function openTransaction(call: ApiCall, options: EndpointsOptions): ReturnType<ApiEndpoint['handle']> {
  const { email, amount, currency, reference, callback_url: callbackUrl } = call.body;
  const transaction = initialize(
    options.records,
    { email, amount, currency, reference, callbackUrl: textOrNull(callbackUrl), metadata: readMetadata(call) },
    { domain: options.domain, now: options.now().toISOString() },
  );
  options.onChange();
  return success('Authorization URL created', {
    authorization_url: options.checkoutUrl(transaction.accessCode),
    access_code: transaction.accessCode,
    reference: transaction.reference,
  });
}

/** Paystack accepts metadata as an object or as JSON text. Verify shows missing metadata as "". */
function readMetadata(call: ApiCall): Json {
  const sent = call.body.metadata;
  if (sent === undefined) return '';
  if (typeof sent !== 'string') return toJson(sent);
  try {
    return toJson(JSON.parse(sent));
  } catch {
    return sent;
  }
}

function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]));
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

export function refundEndpoints(options: EndpointsOptions): ApiEndpoint[] {
  const { records, simulator, switches } = options;
  const now = (): string => options.now().toISOString();
  const referenceOfRefund = (call: ApiCall): string | null =>
    records.refunds.find((refund) => String(refund.id) === call.params.id)?.reference ?? null;
  return [
    {
      route: 'refund.create',
      method: 'post',
      path: '/refund',
      subject: (call) => referenceOf(records, call.body.transaction),
      handle: ({ body }) => {
        const { transaction, amount, currency } = body;
        const [customerNote, merchantNote] = [textOrNull(body.customer_note), textOrNull(body.merchant_note)];
        const input = { transaction, amount, currency, customerNote, merchantNote };
        const refund = createRefund(records, input, switches(), now());
        simulator.refundChanged(refund);
        const charge = getTransaction(records, refund.reference, 404);
        return success('Refund has been queued for processing', createdRefundView(refund, charge, switches()));
      },
    },
    {
      route: 'refund.list',
      method: 'get',
      path: '/refund',
      subject: (call) => referenceOf(records, call.query.transaction ?? call.query.reference),
      handle: (call) => {
        const key = call.query.transaction ?? call.query.reference;
        const matching = records.refunds.filter(
          (refund) =>
            (key === undefined || String(refund.transactionId) === key || refund.reference === key) &&
            (call.query.currency === undefined || refund.currency === call.query.currency),
        );
        return paged('Refunds retrieved', matching, call, (refund) => refundView(refund, switches()));
      },
    },
    {
      route: 'refund.get',
      method: 'get',
      path: '/refund/:id',
      subject: referenceOfRefund,
      handle: (call) => success('Refund retrieved', refundView(getRefund(records, call.params.id ?? ''), switches())),
    },
    {
      route: 'refund.retry',
      method: 'post',
      path: '/refund/retry_with_customer_details/:id',
      subject: referenceOfRefund,
      handle: (call) => {
        const refund = retryWithCustomerDetails(records, call.params.id ?? '', call.body.refund_account_details, now());
        simulator.refundChanged(refund);
        return success('Refund retried and has been queued for processing', refundView(refund, switches()));
      },
    },
  ];
}

/** A few of Paystack's banks, for the accounts that refunds go to. */
export function bankEndpoints(): ApiEndpoint[] {
  return [
    {
      route: 'bank.list',
      method: 'get',
      path: '/bank',
      subject: () => null,
      handle: ({ query }) => {
        const rows = BANKS.filter(({ currency }) => query.currency === undefined || currency === query.currency);
        return success(
          'Banks retrieved',
          rows.map((bank) => ({ ...bank, type: 'nuban', active: true, is_deleted: false })),
        );
      },
    },
  ];
}

const BANKS = [
  { id: 1, name: 'Access Bank', slug: 'access-bank', code: '044', country: 'Nigeria', currency: 'NGN' },
  { id: 9, name: 'Guaranty Trust Bank', slug: 'guaranty-trust-bank', code: '058', country: 'Nigeria', currency: 'NGN' },
  { id: 21, name: 'Zenith Bank', slug: 'zenith-bank', code: '057', country: 'Nigeria', currency: 'NGN' },
  { id: 28, name: 'GCB Bank', slug: 'gcb-bank', code: '040100', country: 'Ghana', currency: 'GHS' },
];

/** Calls name a transaction by id or by reference; the log and the faults use the reference. */
export function referenceOf(records: Records, key: unknown): string | null {
  if (typeof key !== 'string' && typeof key !== 'number') return null;
  return findByIdOrReference(records, String(key))?.reference ?? String(key);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
