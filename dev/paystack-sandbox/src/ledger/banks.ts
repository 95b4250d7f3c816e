/** A few of Paystack's banks, for the accounts that refunds go to. */
export interface Bank {
  id: number;
  name: string;
  slug: string;
  code: string;
  country: string;
  currency: string;
  type: string;
}

const nigerian = { country: 'Nigeria', currency: 'NGN', type: 'nuban' };
const ghanaian = { country: 'Ghana', currency: 'GHS', type: 'ghipss' };
const kenyan = { country: 'Kenya', currency: 'KES', type: 'kepss' };
const southAfrican = { country: 'South Africa', currency: 'ZAR', type: 'basa' };

export const banks: readonly Bank[] = [
  { id: 1, name: 'Access Bank', slug: 'access-bank', code: '044', ...nigerian },
  { id: 9, name: 'Guaranty Trust Bank', slug: 'guaranty-trust-bank', code: '058', ...nigerian },
  { id: 21, name: 'Zenith Bank', slug: 'zenith-bank', code: '057', ...nigerian },
  { id: 28, name: 'GCB Bank', slug: 'gcb-bank', code: '040100', ...ghanaian },
  { id: 231, name: 'Equity Bank', slug: 'equity-bank-ke', code: '68', ...kenyan },
  { id: 140, name: 'Standard Bank', slug: 'standard-bank-za', code: '051001', ...southAfrican },
];

/** Clients send the id as a number or as its digits. */
export function findBank(id: unknown): Bank | undefined {
  return banks.find((bank) => bank.id === id || String(bank.id) === id);
}
