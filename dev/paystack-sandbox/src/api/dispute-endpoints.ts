/** Reading disputes. Source: Paystack's API reference, "Disputes". */
import { getDispute } from '../ledger/disputes.ts';
import type { DisputeRecord, Json } from '../ledger/records.ts';
import { getTransaction } from '../ledger/transactions.ts';
import { success } from '../views/envelope.ts';
import { disputeView } from '../views/refund-view.ts';
import { type EndpointsOptions, referenceOf } from './endpoints.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { paged } from './paging.ts';

export function disputeEndpoints({ records, switches }: EndpointsOptions): ApiEndpoint[] {
  const view = (dispute: DisputeRecord): Json =>
    disputeView(dispute, getTransaction(records, dispute.reference, 404), switches());
  const ofCharge = (key: string | undefined) =>
    records.disputes.filter(({ transactionId }) => key === undefined || String(transactionId) === key);
  const referenceOfDispute = (call: ApiCall): string | null =>
    records.disputes.find(({ id }) => String(id) === call.params.id)?.reference ?? null;
  return [
    {
      route: 'dispute.list',
      method: 'get',
      path: '/dispute',
      subject: (call) => referenceOf(records, call.query.transaction),
      handle: (call) => {
        const { status, transaction } = call.query;
        const matching = ofCharge(transaction).filter((one) => status === undefined || one.status === status);
        // paged sums amounts, and a dispute of the whole charge has none of its own.
        const entries = matching.map((one) => ({ ...one, amount: one.amount ?? 0, dispute: one }));
        return paged('Disputes retrieved', entries, call, ({ dispute }) => view(dispute));
      },
    },
    {
      route: 'dispute.list',
      method: 'get',
      path: '/dispute/transaction/:id',
      subject: (call) => referenceOf(records, call.params.id),
      handle: (call) => success('Dispute retrieved successfully', ofCharge(call.params.id).map(view)),
    },
    {
      route: 'dispute.get',
      method: 'get',
      path: '/dispute/:id',
      subject: referenceOfDispute,
      handle: (call) => success('Dispute retrieved', view(getDispute(records, Number(call.params.id)))),
    },
  ];
}
