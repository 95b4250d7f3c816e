import { ACCOUNT_MUTANTS } from './list/accounts.ts';
import { BATCHING_MUTANTS } from './list/batching.ts';
import { CART_MUTANTS } from './list/carts.ts';
import { CATALOGUE_MUTANTS } from './list/catalogue.ts';
import { CLAIM_MUTANTS } from './list/claims.ts';
import { COMPATIBILITY_MUTANTS } from './list/compatibility.ts';
import { CORRECTION_MUTANTS } from './list/corrections.ts';
import { CURRENCY_MUTANTS } from './list/currencies.ts';
import { DESK_MUTANTS } from './list/desk.ts';
import { DISPUTE_MUTANTS } from './list/disputes.ts';
import { ENDPOINT_MUTANTS } from './list/endpoints.ts';
import { IMPORT_MUTANTS } from './list/imports.ts';
import { INPUT_MUTANTS } from './list/inputs.ts';
import { LATER_MUTANTS } from './list/later.ts';
import { LOOP_MUTANTS } from './list/loops.ts';
import { MONEY_MUTANTS } from './list/money.ts';
import { ONCE_MUTANTS } from './list/once.ts';
import { OPERATION_MUTANTS } from './list/operation.ts';
import { PAYING_MUTANTS } from './list/paying.ts';
import { PAYOUT_MUTANTS } from './list/payouts.ts';
import { PEOPLE_MUTANTS } from './list/people.ts';
import { PICTURE_MUTANTS } from './list/pictures.ts';
import { REFUND_MUTANTS } from './list/refunds.ts';
import { RETURNED_MUTANTS } from './list/returned.ts';
import { RETURN_MUTANTS } from './list/returns.ts';
import { SANDBOX_MUTANTS } from './list/sandbox.ts';
import { SEARCH_MUTANTS } from './list/search.ts';
import { SETTLING_MUTANTS } from './list/settling.ts';
import { SHIPMENT_MUTANTS } from './list/shipments.ts';
import { SIGN_IN_MUTANTS } from './list/sign-in.ts';
import { STAFF_ACTION_MUTANTS } from './list/staff-actions.ts';
import { STOCK_MUTANTS } from './list/stock.ts';
import { WORDS_MUTANTS } from './list/words.ts';
import type { Mutant } from './mutant.ts';

export const MUTANTS: readonly Mutant[] = [
  ...BATCHING_MUTANTS,
  ...CART_MUTANTS,
  ...CATALOGUE_MUTANTS,
  ...CURRENCY_MUTANTS,
  ...CLAIM_MUTANTS,
  ...MONEY_MUTANTS,
  ...STOCK_MUTANTS,
  ...ENDPOINT_MUTANTS,
  ...RETURN_MUTANTS,
  ...IMPORT_MUTANTS,
  ...INPUT_MUTANTS,
  ...LATER_MUTANTS,
  ...LOOP_MUTANTS,
  ...ONCE_MUTANTS,
  ...OPERATION_MUTANTS,
  ...PAYING_MUTANTS,
  ...PAYOUT_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...PICTURE_MUTANTS,
  ...REFUND_MUTANTS,
  ...RETURNED_MUTANTS,
  ...SANDBOX_MUTANTS,
  ...SEARCH_MUTANTS,
  ...SHIPMENT_MUTANTS,
  ...SIGN_IN_MUTANTS,
  ...ACCOUNT_MUTANTS,
  ...SETTLING_MUTANTS,
  ...COMPATIBILITY_MUTANTS,
  ...CORRECTION_MUTANTS,
  ...DESK_MUTANTS,
  ...DISPUTE_MUTANTS,
  ...STAFF_ACTION_MUTANTS,
  ...WORDS_MUTANTS,
];
