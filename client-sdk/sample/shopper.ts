/** Calls of every procedure of a shopper, typed with the package's named types. */
import {
  type Account,
  type Cart,
  type CartLine,
  type EnsuredCart,
  isOrdersError,
  newCheckoutKey,
  type Order,
  type OrderPage,
  type OrderSummary,
  type OrdersClient,
  type ProductVariant,
  type SavedAddress,
  type Session,
  type ShippingAddress,
} from '@orders-module/client';

export const ADDRESS: ShippingAddress = {
  name: 'Ada Obi',
  line1: '1 Marina',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

/** Null if the shop rejects the call, as when the order's state forbids it. Throws any other failure. */
export async function nullIfRejected<T>(call: Promise<T>): Promise<T | null> {
  return call.catch((error: unknown) => {
    if (isOrdersError(error) && error.data.code !== 'INTERNAL') return null;
    throw error;
  });
}

export async function useAuth(shop: OrdersClient, email: string): Promise<Session> {
  const password = 'correct horse battery';
  await shop.auth.register.mutate({ email, password, name: 'Ada Obi' });
  return shop.auth.login.mutate({ email, password });
}

export async function useAccount(shop: OrdersClient, email: string): Promise<void> {
  await shop.auth.forgotPassword.mutate({ email });
  const token = `${'0'.repeat(24)}.${'0'.repeat(43)}`;
  await nullIfRejected(shop.auth.resetPassword.mutate({ token, password: 'nine lamps above a quiet river' }));
  await nullIfRejected(shop.auth.verifyEmail.mutate({ token }));
  await shop.auth.sendVerification.mutate();
  await shop.account.setProfile.mutate({ name: 'Ada Obi', phone: '+234 800 000 0000' });
  const { items } = await shop.account.saveAddress.mutate({ address: ADDRESS });
  const saved: SavedAddress | undefined = items[0];
  if (saved) await shop.account.removeAddress.mutate({ id: saved.id });
  await shop.account.addresses.query();
  const { items: sessions } = await shop.account.sessions.query();
  const other = sessions.find(({ current }) => !current);
  if (other) await shop.account.endSession.mutate({ id: other.id });
}

/** Each returns the session that goes on: every other one ends. */
export function changePassword(shop: OrdersClient): Promise<Session> {
  const password = 'nine lamps above a quiet river';
  return shop.account.changePassword.mutate({ currentPassword: 'correct horse battery', password });
}

export const endOtherSessions = (shop: OrdersClient): Promise<Session> => shop.account.endOtherSessions.mutate({});

export async function useCart(shop: OrdersClient, { id }: ProductVariant): Promise<Cart> {
  await shop.cart.addItem.mutate({ variantId: id, quantity: 1 });
  await shop.cart.removeItem.mutate({ variantId: id });
  await shop.cart.addItem.mutate({ variantId: id, quantity: 1 });
  await shop.cart.clear.mutate();
  await shop.cart.addItem.mutate({ variantId: id, quantity: 1 });
  const changed = await shop.cart.setQuantity.mutate({ variantId: id, quantity: 2 });
  const line: CartLine | undefined = changed.lines[0];
  if (line?.lineTotal !== 320_000) throw new Error('the cart has another price');
  const { cart, missed }: EnsuredCart = await shop.cart.ensure.mutate({
    lines: [{ variantId: id, quantity: 2, seenPrice: 160_000 }],
  });
  if (cart.refusal !== null || missed.length > 0) throw new Error('the cart cannot be ordered');
  const quoted: Cart = await shop.cart.quote.mutate({ lines: [{ variantId: id, quantity: 2, seenPrice: 160_000 }] });
  if (quoted.total !== cart.total) throw new Error('the same lines have another price');
  await shop.cart.seen.mutate({ prices: [{ variantId: id, unitPrice: 160_000 }] });
  const [own = cart.currency] = cart.currencies;
  await shop.cart.setCurrency.mutate({ currency: own });
  return shop.cart.get.query();
}

export async function useOrders(shop: OrdersClient, { total }: Cart): Promise<Order> {
  const account: Account = await shop.auth.me.query();
  if (account.role !== 'customer') throw new Error('a new account is a customer');
  const input = { checkoutKey: newCheckoutKey(), shippingAddress: ADDRESS, expectedTotal: total };
  const { orderId } = await shop.orders.initializePayment.mutate(input);
  const page: OrderPage = await shop.orders.list.query({ limit: 10, status: 'pending' });
  const summary: OrderSummary | undefined = page.items[0];
  if (summary?.id !== orderId) throw new Error('the order is not listed');
  return shop.orders.get.query({ id: orderId });
}
