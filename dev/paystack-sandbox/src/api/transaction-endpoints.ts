/** Source: Paystack's API reference, "Transactions". */
import type { Json } from '../ledger/records.ts';
import { Refusal } from '../ledger/refusal.ts';
import { findById, getTransaction, initialize } from '../ledger/transactions.ts';
import { success } from '../views/envelope.ts';
import { fetchedTransactionView, listedTransactionView, transactionView } from '../views/transaction-view.ts';
import { type EndpointsOptions, referenceOf, textOrNull } from './endpoints.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { paged } from './paging.ts';
import { filtered } from './transaction-filters.ts';

export function transactionEndpoints(options: EndpointsOptions): ApiEndpoint[] {
  const { records, switches } = options;
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
        const transaction = getTransaction(records, reference, switches().unknownReferenceStatus);
        return success('Verification successful', transactionView(transaction, switches()));
      },
    },
    {
      route: 'list',
      method: 'get',
      path: '/transaction',
      subject: () => null,
      handle: (call) => {
        const matching = filtered(records.transactions.values(), call.query);
        return paged('Transactions retrieved', matching, call, (one) => listedTransactionView(one, switches()));
      },
    },
    {
      route: 'transaction.get',
      method: 'get',
      path: '/transaction/:id',
      subject: (call) => referenceOf(records, call.params.id),
      handle: (call) => {
        const transaction = findById(records, call.params.id);
        if (transaction === undefined) throw new Refusal(404, 'transaction_not_found', 'Transaction not found');
        return success('Transaction retrieved', fetchedTransactionView(transaction, switches()));
      },
    },
  ];
}

function openTransaction(call: ApiCall, options: EndpointsOptions): ReturnType<ApiEndpoint['handle']> {
  const { email, amount, currency, reference, callback_url: callbackUrl, channels } = call.body;
  const transaction = initialize(
    options.records,
    {
      email,
      amount,
      currency,
      reference,
      callbackUrl: textOrNull(callbackUrl),
      metadata: readMetadata(call),
      channels,
    },
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
