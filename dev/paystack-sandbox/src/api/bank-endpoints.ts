/** Source: Paystack's API reference, "Miscellaneous". */
import { type Bank, banks } from '../ledger/banks.ts';
import type { Json } from '../ledger/records.ts';
import { success } from '../views/envelope.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { pageOf } from './paging.ts';

const LISTED_SINCE = '2018-03-29T12:54:59.000Z';

function bankView(bank: Bank): Json {
  return {
    ...bank,
    longcode: '',
    gateway: null,
    pay_with_bank: false,
    supports_transfer: true,
    available_for_direct_debit: false,
    active: true,
    is_deleted: false,
    createdAt: LISTED_SINCE,
    updatedAt: LISTED_SINCE,
  };
}

/** The country in any case, the currency and the type; and no bank here takes payments itself. */
function isListed(bank: Bank, query: ApiCall['query']): boolean {
  const { country = bank.country, currency = bank.currency, type = bank.type } = query;
  return (
    bank.country.toLowerCase() === country.toLowerCase() &&
    bank.currency === currency &&
    bank.type === type &&
    query.pay_with_bank !== 'true' &&
    query.pay_with_bank_transfer !== 'true'
  );
}

export function bankEndpoints(): ApiEndpoint[] {
  return [
    {
      route: 'bank.list',
      method: 'get',
      path: '/bank',
      subject: () => null,
      handle: ({ query }) => {
        const listed = banks.filter((bank) => isListed(bank, query));
        return success('Banks retrieved', pageOf(listed, query).map(bankView));
      },
    },
  ];
}
