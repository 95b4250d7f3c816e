/** admin: catalogue and stock, for staff. Each change is recorded on the product or variant, with the staff member's id. */
import { Types } from 'mongoose';
import type { User } from '../../../models/accounts/user.ts';
import { toActionKey } from '../../../models/action-key.ts';
import {
  adjustStock,
  archiveProduct,
  archiveVariant,
  createProduct,
  createVariant,
  editProduct,
  editVariant,
} from '../../../models/catalogue/edit-catalogue.ts';
import { restoreProduct, restoreVariant } from '../../../models/catalogue/restore.ts';
import {
  adjustStockInput,
  archiveProductInput,
  archiveVariantInput,
  createProductInput,
  createVariantInput,
  editProductInput,
  editVariantInput,
  restoreProductInput,
  restoreVariantInput,
  setPicturesInput,
  staffProduct,
  staffVariant,
} from '../../../models/contract/staff-catalogue.ts';
import { staffActor } from '../../../models/order/history.ts';
import { setPictures } from '../../../models/pictures/set-pictures.ts';
import type { AppContext } from '../../context/app-context.ts';
import type { CatalogChanged } from '../../observability/events.ts';
import { router, staffProcedure } from '../trpc.ts';
import { toProduct, toVariant } from '../views/desk/catalogue-view.ts';

export const adminCatalogRouter = router({
  /** INVALID_INPUT if the slug or a SKU is taken. */
  createProduct: staffProcedure('editCatalogue')
    .input(createProductInput)
    .output(staffProduct)
    .mutation(async ({ ctx, input }) => {
      const { variants = [], ...product } = input;
      const priced = variants.map(({ currency = ctx.app.config.currency, ...rest }) => ({ ...rest, currency }));
      const created = await createProduct(ctx.app.db, { ...product, variants: priced }, by(ctx));
      noteChange(ctx, { productId: String(created._id), kind: 'made' });
      return toProduct(created);
    }),

  /** Changes the given fields. Orders keep the texts and prices of their purchase. PREVIEW_OUTDATED for another `rev`. */
  editProduct: staffProcedure('editCatalogue')
    .input(editProductInput)
    .output(staffProduct)
    .mutation(async ({ ctx, input: { productId, rev, ...changes } }) => {
      const edited = await editProduct(ctx.app.db, new Types.ObjectId(productId), changes, by(ctx), rev);
      noteChange(ctx, { productId, kind: 'edited' });
      return toProduct(edited);
    }),

  /** Archives the product and all its variants. May be repeated. */
  archiveProduct: staffProcedure('editCatalogue')
    .input(archiveProductInput)
    .output(staffProduct)
    .mutation(async ({ ctx, input: { productId } }) => {
      const archived = await archiveProduct(ctx.app.db, new Types.ObjectId(productId), by(ctx));
      noteChange(ctx, { productId, kind: 'archived' });
      return toProduct(archived);
    }),

  /** Sells an archived product again, with the variants that were archived with it. May be repeated. */
  restoreProduct: staffProcedure('editCatalogue')
    .input(restoreProductInput)
    .output(staffProduct)
    .mutation(async ({ ctx, input: { slug } }) => {
      const restored = await restoreProduct(ctx.app.db, slug, by(ctx));
      noteChange(ctx, { productId: String(restored._id), kind: 'restored' });
      return toProduct(restored);
    }),

  /** Replaces the pictures, which POST /admin/pictures has taken; the first one stands for the product. */
  setPictures: staffProcedure('editCatalogue')
    .input(setPicturesInput)
    .output(staffProduct)
    .mutation(async ({ ctx, input: { productId, pictures, rev } }) => {
      const edited = await setPictures(ctx.app.db, new Types.ObjectId(productId), pictures, by(ctx), rev);
      noteChange(ctx, { productId, kind: 'edited' });
      return toProduct(edited);
    }),

  /** INVALID_INPUT if the SKU is taken. The ledger records the first stock. */
  createVariant: staffProcedure('editCatalogue')
    .input(createVariantInput)
    .output(staffVariant)
    .mutation(async ({ ctx, input }) => {
      const currency = input.currency ?? ctx.app.config.currency;
      const fields = { ...input, currency, productId: new Types.ObjectId(input.productId) };
      const created = await createVariant(ctx.app.db, fields, by(ctx));
      noteChange(ctx, { productId: input.productId, variantId: String(created._id), kind: 'made' });
      return toVariant(created);
    }),

  /** Changes title and price. Carts show the new price at once; orders keep theirs. PREVIEW_OUTDATED for another `rev`. */
  editVariant: staffProcedure('editCatalogue')
    .input(editVariantInput)
    .output(staffVariant)
    .mutation(async ({ ctx, input: { variantId, rev, ...changes } }) => {
      const edited = await editVariant(ctx.app.db, new Types.ObjectId(variantId), changes, by(ctx), rev);
      noteChange(ctx, { variantId, kind: 'edited' });
      return toVariant(edited);
    }),

  /** May be repeated. */
  archiveVariant: staffProcedure('editCatalogue')
    .input(archiveVariantInput)
    .output(staffVariant)
    .mutation(async ({ ctx, input: { variantId } }) => {
      const archived = await archiveVariant(ctx.app.db, new Types.ObjectId(variantId), by(ctx));
      noteChange(ctx, { variantId, kind: 'archived' });
      return toVariant(archived);
    }),

  /** May be repeated. INVALID_INPUT while its product is archived. */
  restoreVariant: staffProcedure('editCatalogue')
    .input(restoreVariantInput)
    .output(staffVariant)
    .mutation(async ({ ctx, input: { sku } }) => {
      const restored = await restoreVariant(ctx.app.db, sku, by(ctx));
      noteChange(ctx, { variantId: String(restored._id), kind: 'restored' });
      return toVariant(restored);
    }),

  /**
   * Adds or removes units and records the reason in the ledger. INSUFFICIENT_STOCK if fewer units are free. A repeat of
   * the `key` takes no effect.
   */
  adjustStock: staffProcedure('adjustStock')
    .input(adjustStockInput)
    .output(staffVariant)
    .mutation(async ({ ctx, input: { key: keyId, expect, ...input } }) => {
      const variantId = new Types.ObjectId(input.variantId);
      const adjustment = { ...input, variantId, key: toActionKey(keyId, input), expect };
      const { variant, changed } = await adjustStock(ctx.app.db, adjustment, by(ctx));
      const { variantId: id, delta } = input;
      if (changed) ctx.app.events.stockAdjusted({ variantId: id, delta, actor: by(ctx).actor });
      return toVariant(variant);
    }),
});

interface StaffContext {
  app: AppContext;
  user: Pick<User, '_id'>;
}

const by = ({ app, user }: StaffContext) => ({ actor: staffActor(user._id), now: app.clock.now() });

function noteChange(ctx: StaffContext, change: Omit<CatalogChanged, 'actor'>): void {
  ctx.app.events.catalogChanged({ ...change, actor: staffActor(ctx.user._id) });
}
