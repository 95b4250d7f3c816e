/**
 * The shapes of what Paystack sends, for whoever needs to read them: webhook events, and the data of replies that are
 * not reports. Reports (transaction, refund) are in reports.ts. Called by service.ts and by the webhook's appliers.
 */
import * as z from 'zod';

export { type ParsedWebhook as WebhookEvent, parseWebhookEvent } from './webhook-event.ts';

/** The data of initialize. The address is where the customer's browser is sent: only a payment page's passes. */
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
 * The page after `page`, or null when it was the last. Believes meta's counts where they are given; without them the
 * pages end with the first empty one, which costs one call more and never loses a row.
 */
export function nextPageOf(meta: unknown, page: number, rowCount: number): number | null {
  if (rowCount === 0) return null;
  const { pageCount, total, perPage } = metaSchema.safeParse(meta).data ?? {};
  if (pageCount !== undefined) return page < pageCount ? page + 1 : null;
  if (total !== undefined && perPage !== undefined && perPage > 0) return page * perPage < total ? page + 1 : null;
  return page + 1;
}
