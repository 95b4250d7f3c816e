/**
 * The filters of the list of transactions, of its totals and of its export. Paystack's documentation spells some of them in two
 * ways, and clients send either.
 */
import type { TransactionRecord } from '../ledger/records.ts';
import { customerView } from '../views/customer-view.ts';
import type { ApiCall } from './mount-api.ts';

type Query = ApiCall['query'];

/** They name things that the sandbox does not have, so no transaction is of one. */
const NEVER_MATCHING = [
  ...['subaccount', 'subaccount_code', 'split', 'split_code', 'payment_page'],
  ...['terminal_id', 'terminalid', 'virtual_account_number'],
];

const filters: readonly ((transaction: TransactionRecord, query: Query) => boolean)[] = [
  ({ status }, query) => [undefined, 'all', status].includes(query.status),
  ({ reference }, query) => [undefined, reference].includes(query.reference),
  ({ currency }, query) => [undefined, currency].includes(query.currency),
  ({ channel }, query) => [undefined, channel ?? 'card'].includes(query.channel),
  ({ amount }, query) => query.amount === undefined || Number(query.amount) === amount,
  (transaction, query) => isOfCustomer(transaction, query.customer ?? query.customer_code),
  // Each transaction comes from POST /transaction/initialize.
  (_, query) => query.source === undefined || /^merchant_?api$/i.test(query.source),
  ({ settlementId }, query) => query.settled === undefined || query.settled === String(settlementId !== null),
  ({ settlementId }, query) => query.settlement === undefined || query.settlement === String(settlementId),
  (_, query) => NEVER_MATCHING.every((name) => query[name] === undefined),
];

/** Customers are named by their number or by their code. */
function isOfCustomer(transaction: TransactionRecord, customer: string | undefined): boolean {
  if (customer === undefined) return true;
  const { id, customer_code: code } = customerView(transaction);
  return customer === String(id) || customer === code;
}

export function filtered(transactions: Iterable<TransactionRecord>, query: Query): TransactionRecord[] {
  return [...transactions].filter((transaction) => filters.every((matches) => matches(transaction, query)));
}
