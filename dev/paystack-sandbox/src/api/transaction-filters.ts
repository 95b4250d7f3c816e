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

type Test = (transaction: TransactionRecord) => boolean;

/** The tests of the filters that are set: a list of a year has tens of thousands of entries. */
function testsOf(query: Query): Test[] {
  const customer = query.customer ?? query.customer_code;
  const tests: [isSet: boolean, test: Test][] = [
    [query.status !== undefined && query.status !== 'all', ({ status }) => status === query.status],
    [query.reference !== undefined, ({ reference }) => reference === query.reference],
    [query.currency !== undefined, ({ currency }) => currency === query.currency],
    [query.channel !== undefined, ({ channel }) => (channel ?? 'card') === query.channel],
    [query.amount !== undefined, ({ amount }) => Number(query.amount) === amount],
    [customer !== undefined, (transaction) => isOfCustomer(transaction, customer)],
    // Each transaction comes from POST /transaction/initialize.
    [query.source !== undefined, () => /^merchant_?api$/i.test(query.source ?? '')],
    [query.settled !== undefined, ({ settlementId }) => query.settled === String(settlementId !== null)],
    [query.settlement !== undefined, ({ settlementId }) => query.settlement === String(settlementId)],
    [NEVER_MATCHING.some((name) => query[name] !== undefined), () => false],
  ];
  return tests.flatMap(([isSet, test]) => (isSet ? [test] : []));
}

/** Customers are named by their number or by their code. */
function isOfCustomer(transaction: TransactionRecord, customer: string | undefined): boolean {
  if (customer === undefined) return true;
  const { id, customer_code: code } = customerView(transaction);
  return customer === String(id) || customer === code;
}

export function filtered(transactions: Iterable<TransactionRecord>, query: Query): TransactionRecord[] {
  const tests = testsOf(query);
  return [...transactions].filter((transaction) => tests.every((test) => test(transaction)));
}
