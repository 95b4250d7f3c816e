/** The data of replies that are not reports. Reports (transaction, refund) are in reports.ts. */
import * as z from 'zod';
import { gatewayIdSchema } from './reports.ts';

/** The data of initialize. The customer's browser is sent to the address, so `isPaymentPage` must accept it. */
export function initializedSchema(isPaymentPage: (address: string) => boolean) {
  return z
    .object({
      authorization_url: z.url().refine(isPaymentPage),
      access_code: z.string().min(1).max(200),
      reference: z.string(),
    })
    .transform((data) => ({
      authorizationUrl: data.authorization_url,
      accessCode: data.access_code,
      reference: data.reference,
    }));
}

/** A bank in the list of banks. */
export const bankSchema = z
  .object({ id: gatewayIdSchema, name: z.string().min(1).max(200) })
  .transform(({ id, name }) => ({ id, name }));

export const rowsSchema = z.array(z.unknown()).max(1_000);

const countSchema = z.union([
  z.number().int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);

const metaSchema = z.object({
  pageCount: countSchema.optional().catch(undefined),
  total: countSchema.optional().catch(undefined),
  perPage: countSchema.optional().catch(undefined),
});

/**
 * The page after `page`, or null when it was the last. Uses the counts of `meta` if there are any. Without them the
 * first empty page is the last, which costs one more call and never loses a row.
 */
export function nextPageOf(meta: unknown, page: number, rowCount: number): number | null {
  if (rowCount === 0) return null;
  const { pageCount, total, perPage } = metaSchema.safeParse(meta).data ?? {};
  if (pageCount !== undefined) return page < pageCount ? page + 1 : null;
  if (total !== undefined && perPage !== undefined && perPage > 0) return page * perPage < total ? page + 1 : null;
  return page + 1;
}

/** How many rows all pages have together; null when Paystack does not say. */
export function totalOf(meta: unknown): number | null {
  return metaSchema.safeParse(meta).data?.total ?? null;
}
