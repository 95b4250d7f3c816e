/** The data that the server puts into the HTML of a page, so that it is shown without a second request. */
import type { z } from 'zod';
import type { ProductPage, ProductView } from '../catalogue.ts';
import type { policyView } from '../shop/appearance.ts';
import type { shopInfo } from '../shop/shop-info.ts';
import type { VerifyStatus } from '../statuses.ts';

/** `id` of the element whose text is the data as JSON. */
export const FIRST_DATA_ID = 'first-data';

/** Products in the first page of a list. */
export const PRODUCTS_PAGE = 24;

/** The same for everybody, apart from `returned`. A value that the database did not give in time is absent. */
export interface FirstData {
  shop?: z.output<typeof shopInfo>;
  /** The first page of this search. */
  products?: { search: string; category: string; page: ProductPage };
  product?: ProductView;
  /** The product of this address does not exist. */
  missing?: boolean;
  policy?: z.output<typeof policyView>;
  /** For a browser that comes back from paying without its session. */
  returned?: ReturnedPayment;
}

/** Public for everybody with the address of an order whose payment is recent. */
export interface ReturnedPayment {
  orderId: string;
  code: string;
  reference: string;
  status: VerifyStatus;
  /** `pending` although money came: staff look at it. */
  inReview?: true;
}
