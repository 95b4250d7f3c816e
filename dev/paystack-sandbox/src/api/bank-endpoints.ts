import { success } from '../views/envelope.ts';
import type { ApiEndpoint } from './mount-api.ts';

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
