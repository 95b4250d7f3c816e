/** Source: Paystack's API reference, "Settlements". As with Paystack, filters other than pages may be ignored; here they are. */
import { getSettlement } from '../ledger/settlements.ts';
import { settlementView } from '../views/settlement-view.ts';
import { listedTransactionView } from '../views/transaction-view.ts';
import type { EndpointsOptions } from './endpoints.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { paged } from './paging.ts';

function pagesOnly({ query, ...call }: ApiCall): ApiCall {
  const { perPage, per_page, page } = query;
  return { ...call, query: { perPage, per_page, page } };
}

export function settlementEndpoints({ records, switches }: EndpointsOptions): ApiEndpoint[] {
  return [
    {
      route: 'settlement.list',
      method: 'get',
      path: '/settlement',
      subject: () => null,
      handle: (call) => {
        const entries = records.settlements.map((settlement) => ({ ...settlement, amount: settlement.net }));
        return paged('Settlements retrieved', entries, pagesOnly(call), (one) => settlementView(one, switches()));
      },
    },
    {
      route: 'settlement.transactions',
      method: 'get',
      path: '/settlement/:id/transactions',
      subject: () => null,
      handle: (call) => {
        const { transactionIds } = getSettlement(records, call.params.id ?? '');
        const wanted = new Set(transactionIds);
        const entries = [...records.transactions.values()].filter(({ id }) => wanted.has(id));
        const reply = paged('Transactions retrieved', entries, pagesOnly(call), (one) =>
          listedTransactionView(one, switches()),
        );
        // In Paystack's sample it is a hundredth of the sum, so clients must not trust it.
        const sum = entries.reduce((total, { amount }) => total + amount, 0);
        const meta = { ...(reply.body.meta as object), total_volume: Math.round(sum / 100) };
        return { ...reply, body: { ...reply.body, meta } };
      },
    },
  ];
}
