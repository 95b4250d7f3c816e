/** admin: products with their stock as staff see them, the stock ledger, and the count of the shelf. */
import { Types } from 'mongoose';
import type { z } from 'zod';
import { findAccount } from '../../../../models/accounts/find-user.ts';
import { toActionKey } from '../../../../models/action-key.ts';
import type { CatalogChange } from '../../../../models/catalogue/catalogue-change.ts';
import { countStock, previewAdjustment, previewCount } from '../../../../models/catalogue/desk/count-stock.ts';
import { getStaffProduct } from '../../../../models/catalogue/desk/find-product.ts';
import { findStaffProducts } from '../../../../models/catalogue/desk/find-products.ts';
import { listStockRows, type StockRow } from '../../../../models/catalogue/desk/stock-rows.ts';
import {
  byProduct,
  countStockInput,
  previewAdjustInput,
  previewCountInput,
  staffProductDetail,
  staffProductPage,
  staffProductsInput,
  stockPage,
  stockPreview,
  stockRowsInput,
} from '../../../../models/contract/desk/products.ts';
import { staffVariant } from '../../../../models/contract/staff-catalogue.ts';
import type { Database } from '../../../../models/db/database.ts';
import { staffActor } from '../../../../models/order/history.ts';
import { readLowStock } from '../../../../models/settings/settings.ts';
import { router, staffProcedure } from '../../trpc.ts';
import { type ActorNames, toActorView } from '../../views/actor-view.ts';
import { toProduct, toVariant } from '../../views/desk/catalogue-view.ts';

export const adminProductsRouter = router({
  products: staffProcedure('viewCatalogue')
    .input(staffProductsInput)
    .output(staffProductPage)
    .query(async ({ ctx: { app }, input }) => {
      return findStaffProducts(app.db, { ...input, lowStockAt: await readLowStock(app.db) });
    }),

  /** One product with all its variants. NOT_FOUND. */
  product: staffProcedure('viewCatalogue')
    .input(byProduct)
    .output(staffProductDetail)
    .query(async ({ ctx: { app }, input }) => {
      const [{ product, variants }, lowStockAt] = await Promise.all([
        getStaffProduct(app.db, new Types.ObjectId(input.productId)),
        readLowStock(app.db),
      ]);
      const all = [product, ...variants].flatMap(({ changes = [] }) => changes);
      const names = await readNames(
        app.db,
        all.map(({ actor }) => actor),
      );
      return {
        ...toProduct(product),
        createdAt: product.createdAt.toISOString(),
        variants: variants.map((variant) => ({
          ...toVariant(variant),
          lowStock: variant.archivedAt === undefined && variant.stock <= lowStockAt,
          changes: toChanges(variant.changes, names),
        })),
        changes: toChanges(product.changes, names),
      };
    }),

  /** The rows of the stock ledger of a variant, newest first. */
  stockRows: staffProcedure('viewCatalogue')
    .input(stockRowsInput)
    .output(stockPage)
    .query(async ({ ctx: { app }, input: { variantId, ...page } }) => {
      const { items, nextCursor } = await listStockRows(app.db, new Types.ObjectId(variantId), page);
      const names = await readNames(
        app.db,
        items.map(({ actor }) => actor),
      );
      return { items: items.map((row) => toStockRow(row, names)), nextCursor };
    }),

  previewAdjustStock: staffProcedure('adjustStock')
    .input(previewAdjustInput)
    .output(stockPreview)
    .mutation(({ ctx, input: { variantId, delta } }) =>
      previewAdjustment(ctx.app.db, { variantId: new Types.ObjectId(variantId), delta }),
    ),

  previewCountStock: staffProcedure('adjustStock')
    .input(previewCountInput)
    .output(stockPreview)
    .mutation(({ ctx, input }) =>
      previewCount(ctx.app.db, { ...input, variantId: new Types.ObjectId(input.variantId) }),
    ),

  /**
   * Sets the free stock by what lies on the shelf. PREVIEW_OUTDATED when the stock is not `shown` any more, INSUFFICIENT_STOCK
   * when less was counted than waits for orders. A repeat of the `key` takes no effect.
   */
  countStock: staffProcedure('adjustStock')
    .input(countStockInput)
    .output(staffVariant)
    .mutation(async ({ ctx: { app, user }, input: { key: keyId, expect, ...input } }) => {
      const actor = staffActor(user._id);
      const variantId = new Types.ObjectId(input.variantId);
      const count = { ...input, variantId, key: toActionKey(keyId, input), expect };
      const { variant, delta } = await countStock(app.db, count, { actor, now: app.clock.now() });
      if (delta !== 0) app.events.stockAdjusted({ variantId: input.variantId, delta, actor });
      return toVariant(variant);
    }),
});

const STAFF = 'staff:';

async function readNames(db: Database, actors: readonly string[]): Promise<ActorNames> {
  const ids = [...new Set(actors)].flatMap((actor) => (actor.startsWith(STAFF) ? [actor.slice(STAFF.length)] : []));
  const accounts = await Promise.all(
    ids.filter((id) => Types.ObjectId.isValid(id)).map((id) => findAccount(db, new Types.ObjectId(id))),
  );
  return new Map(accounts.flatMap((account) => (account === null ? [] : [[String(account._id), account.name]])));
}

function toChanges(changes: readonly CatalogChange[] = [], names: ActorNames) {
  return changes
    .map(({ at, actor, what }) => ({ at: at.toISOString(), what, by: toActorView(toActor(actor), names) }))
    .reverse();
}

function toStockRow(row: StockRow, names: ActorNames): z.input<typeof stockPage>['items'][number] {
  const { _id: id, at, reason, delta, actor, note, orderId, code } = row;
  const order = orderId === undefined || code === undefined ? null : { id: String(orderId), code };
  return { id, at: at.toISOString(), reason, delta, by: toActorView(toActor(actor), names), note: note ?? null, order };
}

/** Ledger and catalogue keep an actor as text. */
function toActor(actor: string) {
  if (actor === 'customer' || actor === 'paystack') return actor;
  return actor.startsWith(STAFF) ? staffActor(actor.slice(STAFF.length)) : 'system';
}
