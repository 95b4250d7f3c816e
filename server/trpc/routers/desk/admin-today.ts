/** admin: what waits for staff, and what was sold. */
import type { Types } from 'mongoose';
import type { z } from 'zod';
import { readAuditState } from '../../../../models/audit-state/audit-state.ts';
import type { Product, ProductPicture } from '../../../../models/catalogue/product.ts';
import { salesView, todayView } from '../../../../models/contract/desk/today.ts';
import type { booksView } from '../../../../models/contract/staff/books.ts';
import type { Database } from '../../../../models/db/database.ts';
import { lastDays, readSales } from '../../../../models/figures/roll-up-sales.ts';
import { readToday } from '../../../../models/figures/today.ts';
import { router, staffProcedure } from '../../trpc.ts';

export const adminTodayRouter = router({
  /** The counters of the first page. */
  today: staffProcedure('viewOrders')
    .output(todayView)
    .query(async ({ ctx: { app } }) => {
      const [{ toShip, disputes, ...counts }, books] = await Promise.all([
        readToday(app.db, { domain: app.config.paystackDomain, now: app.clock.now() }),
        readBooks(app.db),
      ]);
      return {
        ...counts,
        toShip: { count: toShip.count, oldestAt: toShip.at?.toISOString() ?? null },
        disputes: { count: disputes.count, answerBy: disputes.at?.toISOString() ?? null },
        books,
      };
    }),

  /** Sales of today and the thirty days before, per currency, from one document. */
  sales: staffProcedure('viewSales')
    .output(salesView)
    .query(async ({ ctx: { app } }) => {
      const stored = await readSales(app.db);
      const known = new Map((stored?.days ?? []).map(({ day, figures }) => [day, figures]));
      const bestSellers = stored?.bestSellers ?? [];
      const pictures = await findPictures(
        app.db,
        bestSellers.map(({ productId }) => productId),
      );
      return {
        at: stored?.computedAt?.toISOString() ?? null,
        days: lastDays(app.clock.now(), app.config.shopTimeZone).map((day) => ({ day, figures: known.get(day) ?? [] })),
        bestSellers: bestSellers.map(({ productId, ...sold }) => ({
          ...sold,
          productId: String(productId),
          picture: pictures.get(String(productId)) ?? null,
        })),
      };
    }),
});

export async function readBooks(db: Database): Promise<z.input<typeof booksView>> {
  const state = await readAuditState(db);
  const found = state?.violations ?? [];
  return {
    provedUntil: state?.provedUntil?.toISOString() ?? null,
    violations: found.length,
    // They are listed in the order in which they were found.
    since: found[0]?.foundAt.toISOString() ?? null,
  };
}

/** The first picture of each product that has one. */
async function findPictures(db: Database, ids: readonly Types.ObjectId[]): Promise<Map<string, ProductPicture>> {
  const products = await db.products
    .find({ _id: { $in: [...ids] } }, { pictures: { $slice: 1 }, slug: 1 })
    .lean<Pick<Product, '_id' | 'pictures'>[]>();
  return new Map(products.flatMap(({ _id, pictures = [] }) => pictures.slice(0, 1).map((one) => [String(_id), one])));
}
