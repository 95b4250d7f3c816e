/**
 * cart: the caller's own cart; no procedure takes a cart's id. Each change returns the whole cart at current prices. A
 * line may exceed the stock: the cart reports that per line, and checkout refuses it. A visitor's cart is kept by the
 * browser alone: cart.quote prices it.
 */
import { Types } from 'mongoose';
import type { z } from 'zod';
import type { Account } from '../../../models/accounts/user.ts';
import { addItem, ensureLines, quoteCart, readCart, type ShopTerms } from '../../../models/cart/cart-view.ts';
import { clearCart, markPricesSeen, removeFromCart, setCartQuantity } from '../../../models/cart/change-cart.ts';
import type { WantedLine } from '../../../models/cart/ensure-lines.ts';
import {
  type CartView,
  cartItemInput,
  cartView,
  ensuredCart,
  ensureInput,
  quoteInput,
  removeItemInput,
  seenPricesInput,
} from '../../../models/contract/cart.ts';
import type { AppContext } from '../../context/app-context.ts';
import { customerProcedure, publicProcedure, router } from '../trpc.ts';

export const cartRouter = router({
  get: customerProcedure.output(cartView).query(({ ctx }) => read(ctx)),

  /** A cart of these lines, priced. Stores nothing. A mutation, because 100 lines do not fit into an address. */
  quote: publicProcedure
    .input(quoteInput)
    .output(cartView)
    .mutation(({ ctx, input }) => {
      return quoteCart(ctx.app.db, toLines(input), termsOf(ctx.app));
    }),

  /** Ends the notices of changed prices: the caller was shown these. May be repeated. */
  seen: customerProcedure
    .input(seenPricesInput)
    .output(cartView)
    .mutation(async ({ ctx, input }) => {
      const seen = input.prices.map(({ variantId, unitPrice }) => ({
        variantId: new Types.ObjectId(variantId),
        unitPrice,
      }));
      await markPricesSeen(ctx.app.db, ctx.user._id, seen);
      return read(ctx);
    }),

  /** Adds to the variant's line, or creates it. NOT_FOUND, INVALID_INPUT (another currency, 999 units, 100 lines). */
  addItem: customerProcedure
    .input(cartItemInput)
    .output(cartView)
    .mutation(({ ctx, input }) => {
      const { quantity } = input;
      const item = { variantId: new Types.ObjectId(input.variantId), quantity };
      return addItem(ctx.app.db, ctx.user._id, item, termsOf(ctx.app));
    }),

  /** At least these units of each line, so that a repeat changes nothing. Reports the lines that cannot be put in. */
  ensure: customerProcedure
    .input(ensureInput)
    .output(ensuredCart)
    .mutation(({ ctx, input }) => {
      return ensureLines(ctx.app.db, ctx.user._id, toLines(input), termsOf(ctx.app));
    }),

  /** NOT_FOUND if the cart has no such line. */
  setQuantity: customerProcedure
    .input(cartItemInput)
    .output(cartView)
    .mutation(async ({ ctx, input }) => {
      await setCartQuantity(ctx.app.db, ctx.user._id, new Types.ObjectId(input.variantId), input.quantity);
      return read(ctx);
    }),

  /** A missing line is no error, so that a repeat gets the same reply. */
  removeItem: customerProcedure
    .input(removeItemInput)
    .output(cartView)
    .mutation(async ({ ctx, input }) => {
      await removeFromCart(ctx.app.db, ctx.user._id, new Types.ObjectId(input.variantId));
      return read(ctx);
    }),

  clear: customerProcedure.output(cartView).mutation(async ({ ctx }) => {
    await clearCart(ctx.app.db, ctx.user._id);
    return read(ctx);
  }),
});

function toLines({ lines }: z.output<typeof quoteInput>): WantedLine[] {
  return lines.map(({ variantId, quantity, seenPrice }) => ({
    variantId: new Types.ObjectId(variantId),
    quantity,
    ...(seenPrice === undefined ? {} : { seenPrice }),
  }));
}

function read({ app, user }: { app: AppContext; user: Account }): Promise<CartView> {
  return readCart(app.db, user._id, termsOf(app));
}

function termsOf({ config: { shippingFees, currency } }: AppContext): ShopTerms {
  return { shippingFees, currency };
}
