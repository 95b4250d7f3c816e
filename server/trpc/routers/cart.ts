/**
 * cart: the caller's own cart; no procedure takes a cart's id. Each change returns the whole cart at current prices. A
 * line may exceed the stock: the cart reports that per line, and checkout refuses it. A visitor's cart is kept by the
 * browser alone: cart.quote prices it.
 */
import { Types } from 'mongoose';
import type { z } from 'zod';
import type { Cart } from '../../../models/cart/cart-document.ts';
import {
  addItem,
  changeCurrency,
  ensureLines,
  quoteCart,
  type ShopTerms,
  viewCart,
} from '../../../models/cart/cart-view.ts';
import { clearCart, markPricesSeen, removeFromCart, setCartQuantity } from '../../../models/cart/change-cart.ts';
import type { WantedLine } from '../../../models/cart/ensure-lines.ts';
import { findCart } from '../../../models/cart/write-cart.ts';
import { findVariant } from '../../../models/catalogue/find-variants.ts';
import {
  addItemInput,
  type CartView,
  cartItemInput,
  cartView,
  ensuredCart,
  ensureInput,
  quoteInput,
  removeItemInput,
  seenPricesInput,
  setCurrencyInput,
} from '../../../models/contract/cart.ts';
import type { AppContext } from '../../context/app-context.ts';
import { getCaller, publicProcedure, router, shopperProcedure, tokenProcedure } from '../trpc.ts';

export const cartRouter = router({
  get: shopperProcedure.output(cartView).query(({ ctx }) => view(ctx, ctx.cart)),

  /** A cart of these lines, priced. Stores nothing. A mutation, because 100 lines do not fit into an address. */
  quote: publicProcedure
    .input(quoteInput)
    .output(cartView)
    .mutation(({ ctx, input }) => {
      return quoteCart(ctx.app.db, toLines(input), termsOf(ctx.app), input.currency);
    }),

  /** Ends the notices of changed prices: the caller was shown these. May be repeated. */
  seen: shopperProcedure
    .input(seenPricesInput)
    .output(cartView)
    .mutation(async ({ ctx, input }) => {
      const prices = input.prices.map(({ variantId, unitPrice }) => ({
        variantId: new Types.ObjectId(variantId),
        unitPrice,
      }));
      const seen = { currency: input.currency, prices };
      return view(ctx, await markPricesSeen(ctx.app.db, ctx.user._id, seen, ctx.cart));
    }),

  /** Adds to the variant's line, or creates it. NOT_FOUND, INVALID_INPUT (another currency, 999 units, 100 lines). */
  addItem: tokenProcedure
    .input(addItemInput)
    .output(cartView)
    .mutation(async ({ ctx, input: { variantId, quantity, currency: chosen } }) => {
      const { app, session } = ctx;
      const [cart, added] = await Promise.all([
        findCart(app.db, session.userId),
        findVariant(app.db, new Types.ObjectId(variantId)),
        getCaller(ctx),
      ]);
      return addItem(app.db, cart, { added, quantity, chosen }, termsOf(app));
    }),

  /** At least these units of each line, so that a repeat changes nothing. Reports the lines that cannot be put in. */
  ensure: shopperProcedure
    .input(ensureInput)
    .output(ensuredCart)
    .mutation(({ ctx, input }) => {
      return ensureLines(ctx.app.db, ctx.cart, toLines(input), termsOf(ctx.app), input.currency);
    }),

  /**
   * The whole cart at its prices in another currency. May be repeated. INVALID_INPUT if a line has no price in it, or the shop
   * takes no orders in it.
   */
  setCurrency: shopperProcedure
    .input(setCurrencyInput)
    .output(cartView)
    .mutation(({ ctx, input }) => changeCurrency(ctx.app.db, ctx.cart, input.currency, termsOf(ctx.app))),

  /** NOT_FOUND if the cart has no such line. */
  setQuantity: shopperProcedure
    .input(cartItemInput)
    .output(cartView)
    .mutation(async ({ ctx, input }) => {
      const variantId = new Types.ObjectId(input.variantId);
      return view(ctx, await setCartQuantity(ctx.app.db, ctx.user._id, variantId, input.quantity, ctx.cart));
    }),

  /** A missing line is no error, so that a repeat gets the same reply. */
  removeItem: shopperProcedure
    .input(removeItemInput)
    .output(cartView)
    .mutation(async ({ ctx, input }) => {
      const variantId = new Types.ObjectId(input.variantId);
      return view(ctx, await removeFromCart(ctx.app.db, ctx.user._id, variantId, ctx.cart));
    }),

  clear: shopperProcedure
    .output(cartView)
    .mutation(async ({ ctx }) => view(ctx, await clearCart(ctx.app.db, ctx.user._id, ctx.cart))),
});

function toLines({ lines }: z.output<typeof quoteInput>): WantedLine[] {
  return lines.map(({ variantId, quantity, seenPrice }) => ({
    variantId: new Types.ObjectId(variantId),
    quantity,
    ...(seenPrice === undefined ? {} : { seenPrice }),
  }));
}

function view({ app }: { app: AppContext }, cart: Cart): Promise<CartView> {
  return viewCart(app.db, cart, termsOf(app));
}

function termsOf({ config: { shippingFees, currency } }: AppContext): ShopTerms {
  return { shippingFees, currency };
}
