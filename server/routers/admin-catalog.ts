/** admin: the catalogue and the stock, for staff. Merged into the admin router beside the orders' procedures. */
import { Types } from 'mongoose';
import { z } from 'zod';
import {
  adjustStock,
  archiveProduct,
  archiveVariant,
  createProduct,
  createVariant,
  editProduct,
  editVariant,
  MAX_STOCK,
} from '../../models/catalog-admin.ts';
import type { Product } from '../../models/product.ts';
import type { Variant } from '../../models/variant.ts';
import { amount, count, currency, longText, objectId, price, text } from '../schemas.ts';
import { router, staffProcedure } from '../trpc.ts';
import { slug } from './catalog.ts';

const product = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string(),
  archived: z.boolean(),
});

const variant = z.strictObject({
  id: objectId,
  productId: objectId,
  sku: z.string(),
  title: z.string(),
  /** In subunits. */
  price: amount,
  currency,
  /** Free to sell. */
  stock: count,
  /** Held for pending orders. */
  reserved: count,
  archived: z.boolean(),
});

const sku = z
  .string()
  .max(64, 'must be at most 64 characters')
  .regex(/^[A-Z0-9]+(?:[-._][A-Z0-9]+)*$/, 'must be capital letters and digits, with single - . or _ between');

const productFields = { slug, title: text(200), description: longText(5_000), category: text(50) };
const variantFields = { title: text(200), price };
const productId = z.strictObject({ productId: objectId });
const variantId = z.strictObject({ variantId: objectId });

const stockChange = z
  .int('must be a whole number, not 0')
  .min(-MAX_STOCK, `must be at least -${MAX_STOCK}`)
  .max(MAX_STOCK, `must be at most ${MAX_STOCK}`)
  .refine((delta) => delta !== 0, 'must not be 0');

const firstStock = z
  .int('must be a whole number')
  .min(0, 'must be at least 0')
  .max(MAX_STOCK, `must be at most ${MAX_STOCK}`);

export const adminCatalogRouter = router({
  /** INVALID_INPUT for a slug that is taken. */
  createProduct: staffProcedure
    .input(z.strictObject(productFields))
    .output(product)
    .mutation(async ({ ctx, input }) => toProduct(await createProduct(ctx.app.db, input, ctx.app.clock.now()))),

  /** Changes the fields that are given. Orders keep what they were sold as. */
  editProduct: staffProcedure
    .input(productId.extend(z.object(productFields).partial().shape))
    .output(product)
    .mutation(async ({ ctx, input: { productId, ...changes } }) =>
      toProduct(await editProduct(ctx.app.db, new Types.ObjectId(productId), changes)),
    ),

  /** With all its variants. May be repeated. */
  archiveProduct: staffProcedure
    .input(productId)
    .output(product)
    .mutation(async ({ ctx, input }) =>
      toProduct(await archiveProduct(ctx.app.db, new Types.ObjectId(input.productId), ctx.app.clock.now())),
    ),

  /** INVALID_INPUT for a SKU that is taken. The first stock stands in the ledger. */
  createVariant: staffProcedure
    .input(productId.extend({ ...variantFields, sku, currency: currency.optional(), stock: firstStock }))
    .output(variant)
    .mutation(async ({ ctx, input }) => {
      const { app, user } = ctx;
      const currency = input.currency ?? app.config.currency;
      const made = { ...input, currency, productId: new Types.ObjectId(input.productId) };
      return toVariant(await createVariant(app.db, made, { actor: String(user._id), now: app.clock.now() }));
    }),

  /** Title and price; carts show the new price at once, orders keep theirs. */
  editVariant: staffProcedure
    .input(variantId.extend(z.object(variantFields).partial().shape))
    .output(variant)
    .mutation(async ({ ctx, input: { variantId, ...changes } }) =>
      toVariant(await editVariant(ctx.app.db, new Types.ObjectId(variantId), changes)),
    ),

  /** May be repeated. */
  archiveVariant: staffProcedure
    .input(variantId)
    .output(variant)
    .mutation(async ({ ctx, input }) =>
      toVariant(await archiveVariant(ctx.app.db, new Types.ObjectId(input.variantId), ctx.app.clock.now())),
    ),

  /** Adds or takes away units, with a reason, in the ledger. INSUFFICIENT_STOCK when fewer are free. */
  adjustStock: staffProcedure
    .input(variantId.extend({ delta: stockChange, reason: text(200) }))
    .output(variant)
    .mutation(async ({ ctx, input: { variantId, delta, reason } }) => {
      const { app, user } = ctx;
      const actor = String(user._id);
      const id = new Types.ObjectId(variantId);
      const adjusted = await adjustStock(app.db, id, delta, reason, { actor, now: app.clock.now() });
      app.events.stockAdjusted({ variantId: String(id), delta, actor });
      return toVariant(adjusted);
    }),
});

function toProduct({ _id, slug, title, description, category, archivedAt }: Product): z.input<typeof product> {
  return { id: String(_id), slug, title, description, category, archived: archivedAt !== undefined };
}

function toVariant({ _id, productId, archivedAt, ...rest }: Variant): z.input<typeof variant> {
  const { sku, title, price, currency, stock, reserved } = rest;
  const archived = archivedAt !== undefined;
  return { id: String(_id), productId: String(productId), sku, title, price, currency, stock, reserved, archived };
}
