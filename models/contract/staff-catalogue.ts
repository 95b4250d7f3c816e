/** Inputs and outputs of the `admin` router's procedures on the catalogue and its stock. */
import { z } from 'zod';
import { otherPrice, picture } from './catalogue.ts';
import {
  actionKey,
  amount,
  count,
  currency,
  longText,
  objectId,
  optional,
  otherPrices,
  price,
  slug,
  text,
} from './fields.ts';
import { MAX_LENGTH, MAX_PICTURES, MAX_STOCK } from './limits.ts';
import { expectInput } from './staff/action-preview.ts';

export const staffProduct = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string(),
  pictures: z.array(picture),
  archived: z.boolean(),
  /** Counts the changes by staff: sent with the next change, it refuses to overwrite one that was not seen. */
  rev: count,
});

export const staffVariant = z.strictObject({
  id: objectId,
  productId: objectId,
  sku: z.string(),
  title: z.string(),
  /** In subunits. */
  price: amount,
  currency,
  /** Its prices in other currencies, by the currency's code. */
  otherPrices: z.array(otherPrice),
  /** Units free to sell. */
  stock: count,
  /** Units reserved by pending orders. */
  reserved: count,
  archived: z.boolean(),
  /** As the product's. */
  rev: count,
});

export const sku = z
  .string()
  .max(MAX_LENGTH.sku, `must be at most ${MAX_LENGTH.sku} characters`)
  .regex(/^[A-Z0-9]+(?:[-._][A-Z0-9]+)*$/, 'must be capital letters and digits, with single - . or _ between');

export const productFields = {
  slug,
  title: text(MAX_LENGTH.title),
  description: longText(MAX_LENGTH.description),
  category: text(MAX_LENGTH.category),
};
export const variantFields = { title: text(MAX_LENGTH.title), price };
/** The `rev` of the product or variant that staff saw; PREVIEW_OUTDATED if it has another one now. */
const seenRev = optional(count);

export const archiveProductInput = z.strictObject({ productId: objectId });
export const archiveVariantInput = z.strictObject({ variantId: objectId });

export const restoreProductInput = z.strictObject({ slug });
export const restoreVariantInput = z.strictObject({ sku });

export const stockChange = z
  .int('must be a whole number, not 0')
  .min(-MAX_STOCK, `must be at least -${MAX_STOCK}`)
  .max(MAX_STOCK, `must be at most ${MAX_STOCK}`)
  .refine((delta) => delta !== 0, 'must not be 0');

export const firstStock = z
  .int('must be a whole number')
  .min(0, 'must be at least 0')
  .max(MAX_STOCK, `must be at most ${MAX_STOCK}`);

const pictureId = z.string().regex(/^[0-9a-f]{64}$/, 'must be the id that came with the picture');

/** Variants that one call makes with their product. */
const MAX_NEW_VARIANTS = 50;

const newVariantFields = {
  ...variantFields,
  sku,
  currency: optional(currency),
  /** Never in `currency`. */
  otherPrices: optional(otherPrices),
  stock: firstStock,
};

/** The product and its first variants are made together, or nothing is. */
export const createProductInput = z.strictObject({
  ...productFields,
  variants: optional(
    z
      .array(z.strictObject(newVariantFields))
      .max(MAX_NEW_VARIANTS, `must be at most ${MAX_NEW_VARIANTS}`)
      .refine((all) => new Set(all.map((one) => one.sku)).size === all.length, 'must name each SKU once'),
  ),
});

export const editProductInput = archiveProductInput.extend({
  slug: optional(productFields.slug),
  title: optional(productFields.title),
  description: optional(productFields.description),
  category: optional(productFields.category),
  rev: seenRev,
});

/** The answer of POST /admin/pictures: the size of the largest width, in pixels. */
export const sentPicture = picture.omit({ text: true });

/** In their order; each was sent to POST /admin/pictures before. */
export const setPicturesInput = archiveProductInput.extend({
  pictures: z
    .array(z.strictObject({ pictureId, text: optional(text(MAX_LENGTH.pictureText)) }))
    .max(MAX_PICTURES, `must be at most ${MAX_PICTURES}`)
    .refine((all) => new Set(all.map(({ pictureId }) => pictureId)).size === all.length, 'must name each picture once'),
  rev: seenRev,
});

export const createVariantInput = archiveProductInput.extend(newVariantFields);

export const editVariantInput = archiveVariantInput.extend({
  title: optional(variantFields.title),
  price: optional(variantFields.price),
  /** The whole list; an empty one takes them all out. */
  otherPrices: optional(otherPrices),
  rev: seenRev,
});

/** The same `key` again takes no effect: the answer is the stock as it stands. */
export const adjustStockInput = archiveVariantInput.extend({
  delta: stockChange,
  reason: text(MAX_LENGTH.note),
  key: actionKey,
  expect: optional(expectInput),
});
