/** Source: Paystack's API reference, "Refunds". */
import type { JsonObject, RefundRecord } from '../ledger/records.ts';
import { createRefund, getRefund, retryWithCustomerDetails } from '../ledger/refunds.ts';
import { getTransaction } from '../ledger/transactions.ts';
import { success } from '../views/envelope.ts';
import { createdRefundView, refundView } from '../views/refund-view.ts';
import { type EndpointsOptions, referenceOf, textOrNull } from './endpoints.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { paged } from './paging.ts';

export function refundEndpoints(options: EndpointsOptions): ApiEndpoint[] {
  const { records, simulators, switches } = options;
  const now = (): string => options.now().toISOString();
  const view = (refund: RefundRecord): JsonObject =>
    refundView(refund, getTransaction(records, refund.reference, 404), switches());
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
        simulators.refunds.changed(refund);
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
        return paged('Refunds retrieved', matching, call, view);
      },
    },
    {
      route: 'refund.get',
      method: 'get',
      path: '/refund/:id',
      subject: referenceOfRefund,
      handle: (call) => success('Refund retrieved', view(getRefund(records, call.params.id ?? ''))),
    },
    {
      route: 'refund.retry',
      method: 'post',
      path: '/refund/retry_with_customer_details/:id',
      subject: referenceOfRefund,
      handle: (call) => {
        const refund = retryWithCustomerDetails(records, call.params.id ?? '', call.body.refund_account_details, now());
        simulators.refunds.changed(refund);
        return success('Refund retried and has been queued for processing', view(refund));
      },
    },
  ];
}
