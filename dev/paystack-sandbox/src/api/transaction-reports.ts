/** Timeline, totals and export. Source: Paystack's API reference, "Transactions". */
import type { TransactionRecord } from '../ledger/records.ts';
import { Refusal } from '../ledger/refusal.ts';
import { sumOf } from '../ledger/settlements.ts';
import { findByIdOrReference, isCaptured } from '../ledger/transactions.ts';
import { success } from '../views/envelope.ts';
import { logView } from '../views/transaction-view.ts';
import { type EndpointsOptions, referenceOf } from './endpoints.ts';
import { csvOf, type Exports, transactionColumns } from './exports.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { ofPeriod } from './paging.ts';
import { filtered } from './transaction-filters.ts';

export function transactionReports(options: EndpointsOptions, exports: Exports): ApiEndpoint[] {
  const { records } = options;
  const matching = (call: ApiCall): TransactionRecord[] =>
    ofPeriod(filtered(records.transactions.values(), call.query), call.query);
  return [
    {
      route: 'transaction.timeline',
      method: 'get',
      path: '/transaction/timeline/:key',
      subject: (call) => referenceOf(records, call.params.key),
      handle: (call) => {
        const transaction = findByIdOrReference(records, call.params.key ?? '');
        if (transaction !== undefined) return success('Timeline retrieved', logView(transaction));
        throw new Refusal(404, 'transaction_not_found', 'Transaction ID or reference is invalid');
      },
    },
    {
      route: 'transaction.totals',
      method: 'get',
      path: '/transaction/totals',
      subject: () => null,
      handle: (call) => {
        const charges = matching(call).filter(isCaptured);
        const waiting = charges.filter(({ settlementId }) => settlementId === null);
        return success('Transaction totals', {
          total_transactions: charges.length,
          total_volume: sumOf(charges.map(({ amount }) => amount)),
          total_volume_by_currency: byCurrency(charges),
          pending_transfers: sumOf(waiting.map(({ amount }) => amount)),
          pending_transfers_by_currency: byCurrency(waiting),
        });
      },
    },
    {
      route: 'transaction.export',
      method: 'get',
      path: '/transaction/export',
      subject: () => null,
      handle: (call) => success('Export successful', exports.add(csvOf(matching(call), transactionColumns))),
    },
  ];
}

function byCurrency(charges: TransactionRecord[]): { currency: string; amount: number }[] {
  const sums = new Map<string, number>();
  for (const { currency, amount } of charges) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}
