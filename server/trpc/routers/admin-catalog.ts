/** admin: the catalogue and the stock, for staff; who did what stands on the product or variant. Merged into the admin router beside the orders' procedures. */
import { Types } from 'mongoose';
import { z } from 'zod';
import type { User } from '../../../models/accounts/user.ts';
import {
  adjustStock,
  archiveProduct,
  archiveVariant,
  createProduct,
  createVariant,
  editProduct,
  editVariant,
  MAX_STOCK,
} from '../../../models/catalogue/edit-catalogue.ts';
import type { Product } from '../../../models/catalogue/product.ts';
import type { Variant } from '../../../models/catalogue/variant.ts';
import type { AppContext } from '../../context/app-context.ts';
import type { CatalogChanged } from '../../observability/events.ts';
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
    .mutation(async ({ ctx, input }) => {
      const made = await createProduct(ctx.app.db, input, by(ctx));
      noteChange(ctx, { productId: String(made._id), kind: 'made' });
      return toProduct(made);
    }),

  /** Changes the fields that are given. Orders keep what they were sold as. */
  editProduct: staffProcedure
    .input(productId.extend(z.object(productFields).partial().shape))
    .output(product)
    .mutation(async ({ ctx, input: { productId, ...changes } }) => {
      const edited = await editProduct(ctx.app.db, new Types.ObjectId(productId), changes, by(ctx));
      noteChange(ctx, { productId, kind: 'edited' });
      return toProduct(edited);
    }),

  /** With all its variants. May be repeated. */
  archiveProduct: staffProcedure
    .input(productId)
    .output(product)
    .mutation(async ({ ctx, input: { productId } }) => {
      const archived = await archiveProduct(ctx.app.db, new Types.ObjectId(productId), by(ctx));
      noteChange(ctx, { productId, kind: 'archived' });
      return toProduct(archived);
    }),

  /** INVALID_INPUT for a SKU that is taken. The first stock stands in the ledger. */
  createVariant: staffProcedure
    .input(productId.extend({ ...variantFields, sku, currency: currency.optional(), stock: firstStock }))
    .output(variant)
    .mutation(async ({ ctx, input }) => {
      const currency = input.currency ?? ctx.app.config.currency;
      const fields = { ...input, currency, productId: new Types.ObjectId(input.productId) };
      const made = await createVariant(ctx.app.db, fields, by(ctx));
      noteChange(ctx, { productId: input.productId, variantId: String(made._id), kind: 'made' });
      return toVariant(made);
    }),

  /** Title and price; carts show the new price at once, orders keep theirs. */
  editVariant: staffProcedure
    .input(variantId.extend(z.object(variantFields).partial().shape))
    .output(variant)
    .mutation(async ({ ctx, input: { variantId, ...changes } }) => {
      const edited = await editVariant(ctx.app.db, new Types.ObjectId(variantId), changes, by(ctx));
      noteChange(ctx, { variantId, kind: 'edited' });
      return toVariant(edited);
    }),

  /** May be repeated. */
  archiveVariant: staffProcedure
    .input(variantId)
    .output(variant)
    .mutation(async ({ ctx, input: { variantId } }) => {
      const archived = await archiveVariant(ctx.app.db, new Types.ObjectId(variantId), by(ctx));
      noteChange(ctx, { variantId, kind: 'archived' });
      return toVariant(archived);
    }),

  /** Adds or takes away units, with a reason, in the ledger. INSUFFICIENT_STOCK when fewer are free. */
  adjustStock: staffProcedure
    .input(variantId.extend({ delta: stockChange, reason: text(200) }))
    .output(variant)
    .mutation(async ({ ctx, input: { variantId, delta, reason } }) => {
      const adjusted = await adjustStock(ctx.app.db, new Types.ObjectId(variantId), delta, reason, by(ctx));
      ctx.app.events.stockAdjusted({ variantId, delta, actor: by(ctx).actor });
      return toVariant(adjusted);
    }),
});

interface StaffContext {
  app: AppContext;
  user: Pick<User, '_id'>;
}

const by = ({ app, user }: StaffContext) => ({ actor: String(user._id), now: app.clock.now() });

function noteChange(ctx: StaffContext, change: Omit<CatalogChanged, 'actor'>): void {
  ctx.app.events.catalogChanged({ ...change, actor: String(ctx.user._id) });
}

function toProduct({ _id, slug, title, description, category, archivedAt }: Product): z.input<typeof product> {
  return { id: String(_id), slug, title, description, category, archived: archivedAt !== undefined };
}

function toVariant({ _id, productId, archivedAt, ...rest }: Variant): z.input<typeof variant> {
  const { sku, title, price, currency, stock, reserved } = rest;
  const archived = archivedAt !== undefined;
  return { id: String(_id), productId: String(productId), sku, title, price, currency, stock, reserved, archived };
}
