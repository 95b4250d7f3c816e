/**
 * Checkout: the address, the items with their total, and the redirect to Paystack. The shown total is sent along; if it no
 * longer holds, the server rejects the order and the page shows the new one.
 */
import { type Cart, isOrdersError, type SavedAddress, type ShippingAddress } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useMemo, useRef, useState } from 'react';
import { keepTypedAddress, readAddress, typedAddress } from '../../../parts/data/address.ts';
import { type FieldErrors, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { useSession } from '../../../parts/data/session.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { EmptyState, FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { focusFirstInvalid } from '../../../parts/ui/field.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { Totals } from '../../../parts/ui/totals.tsx';
import { Link } from '../app/router.tsx';
import { useCart } from '../data/cart.ts';
import { useCheckout } from '../data/checkout.ts';
import { addressesQuery } from '../data/my-account.ts';
import { unpaidOrdersQuery } from '../data/orders.ts';
import { ButtonLink } from '../parts/button-link.tsx';
import { ProductThumbnail } from '../parts/product-picture.tsx';
import { AddressChoice } from './address-choice.tsx';
import { CheckoutProblem } from './checkout-problem.tsx';
import { UnpaidOrders } from './unpaid-orders.tsx';

export function CheckoutPage() {
  return (
    <div className="page">
      <PageTitle title="Checkout" />
      <CheckoutContents />
    </div>
  );
}

function CheckoutContents() {
  const cart = useCart();
  const session = useSession();
  const addresses = useQuery(addressesQuery);
  const unpaid = useQuery(unpaidOrdersQuery);
  const [passed, setPassed] = useState<readonly string[]>([]);
  if (cart.isLoadingError) return <FailedState error={cart.error} onRetry={() => cart.refetch()} />;
  // Both queries are optional: without the saved addresses the form is empty, and unpaid orders are limited by the server.
  if (cart.isPending || addresses.isPending || unpaid.isPending) return <LoadingCheckout />;
  if (cart.data.lines.length === 0)
    return (
      <EmptyState icon="bag" title="There is nothing to check out">
        <p>Your cart is empty. If you have just paid, your order is among your orders.</p>
        <div className="actions">
          <ButtonLink to="/">Browse the shop</ButtonLink>
          <ButtonLink to="/orders" look="secondary">
            Your orders
          </ButtonLink>
        </div>
      </EmptyState>
    );
  if (cart.data.refusal !== null)
    return (
      <EmptyState icon="bag" title={cart.data.refusal}>
        <ButtonLink to="/cart">Change the cart</ButtonLink>
      </EmptyState>
    );
  const before = unpaid.data?.filter(({ id }) => !passed.includes(id)) ?? [];
  // app/app shows this page only with a session.
  const { email, name, phone } = session?.user ?? { email: '', name: '', phone: null };
  const saved = addresses.data ?? [];
  const typed = typedAddress(email);
  const initial = typed ?? saved[0]?.address ?? { name, ...(phone === null ? {} : { phone }) };
  return (
    <>
      {cart.isRefetchError ? <StaleNotice error={cart.error} onRetry={() => cart.refetch()} /> : null}
      {before.length === 0 ? null : (
        <UnpaidOrders orders={before} onGoOn={() => setPassed([...passed, ...before.map(({ id }) => id)])} />
      )}
      <CheckoutForm
        cart={cart.data}
        initial={initial}
        saved={typed === null ? saved : []}
        onAddress={(address) => keepTypedAddress(email, address)}
        hidden={before.length > 0}
      />
    </>
  );
}

interface CheckoutFormProps {
  cart: Cart;
  initial: Partial<ShippingAddress>;
  /** Offered above the fields, the one in them first. */
  saved: readonly SavedAddress[];
  /** Receives the typed address before it is sent. */
  onAddress: (address: ShippingAddress) => void;
  /** Hides the form without unmounting it, so that the typed text survives a question that comes first. */
  hidden: boolean;
}

function CheckoutForm({ cart, initial, saved, onAddress, hidden }: CheckoutFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const checkout = useCheckout();
  const [ownErrors, setOwnErrors] = useState<FieldErrors>({});
  const errors = useMemo(
    () => ({ ...fieldErrorsOf(checkout.error, 'shippingAddress.'), ...ownErrors }),
    [checkout.error, ownErrors],
  );
  const total = totalToPay(checkout.error, cart);
  const isBusy = checkout.isPending || checkout.isSuccess;
  useEffect(() => {
    if (checkout.isError || Object.keys(ownErrors).length > 0) focusFirstInvalid(form.current);
  }, [checkout.isError, ownErrors]);
  const order = (expectedTotal: number) => {
    if (isBusy || form.current === null) return;
    const read = readAddress(new FormData(form.current));
    setOwnErrors('errors' in read ? read.errors : {});
    if (!('address' in read)) return;
    onAddress(read.address);
    checkout.mutate({ cart, address: read.address, expectedTotal });
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    order(total);
  };
  return (
    <form ref={form} className="with-summary" hidden={hidden} onSubmit={submit} noValidate>
      <section aria-labelledby="address">
        <h2 id="address">Where should it go?</h2>
        <AddressChoice saved={saved} initial={initial} errors={errors} />
      </section>
      <section className="summary panel" aria-labelledby="summary">
        <h2 id="summary">Your order</h2>
        <CartItems cart={cart} />
        <Totals of={cart} />
        {checkout.isError ? (
          <CheckoutProblem
            error={checkout.error}
            cart={cart}
            shownCurrency={checkout.variables.cart.currency}
            onAccept={order}
          />
        ) : null}
        <Button
          type="submit"
          wide
          busy={isBusy && (checkout.isSuccess ? 'Taking you to Paystack…' : 'Placing your order…')}
        >
          Pay <Money amount={total} currency={cart.currency} />
        </Button>
        <p className="fine">
          <Icon name="lock" />
          You pay on Paystack’s own page. We never see your card.
        </p>
        <p className="visually-hidden" role="status">
          {checkout.isSuccess ? 'Taking you to the payment page.' : ''}
        </p>
      </section>
    </form>
  );
}

/** The cart's; after a price change the one that the shop named, which the cart may not show yet. */
function totalToPay(error: unknown, cart: Cart): number {
  if (!isOrdersError(error, 'PRICE_CHANGED') || error.data.details.currency !== cart.currency) return cart.total;
  return error.data.details.total;
}

function CartItems({ cart: { lines, currency, problems } }: { cart: Cart }) {
  const changed = new Map(problems.filter(({ kind }) => kind === 'price_changed').map((one) => [one.variantId, one]));
  return (
    <>
      <ul className="goods">
        {lines.map(({ variantId, slug, picture, productTitle, variantTitle, quantity, lineTotal }) => (
          <li key={variantId}>
            <span className="goods-picture">
              <ProductThumbnail slug={slug} pictureId={picture?.pictureId ?? null} />
            </span>
            <span className="goods-text">
              <bdi>{productTitle}</bdi>
              <span className="faint">
                <bdi>{variantTitle}</bdi> · {quantity}
              </span>
            </span>
            <Money amount={lineTotal} currency={currency} />
            {changed.has(variantId) ? <p className="line-note">{changed.get(variantId)?.message}</p> : null}
          </li>
        ))}
      </ul>
      <p>
        <Link to="/cart">Change the cart</Link>
      </p>
    </>
  );
}

function LoadingCheckout() {
  return (
    <Loading what="checkout">
      <div className="with-summary">
        <div className="fields">
          {['a', 'b', 'c', 'd', 'e', 'f'].map((place) => (
            <div className="field" key={place}>
              <Skeleton size="third" />
              <Skeleton size="title" />
            </div>
          ))}
        </div>
        <div className="summary panel">
          <Skeleton size="half" />
          <Skeleton size="block" />
          <Skeleton size="title" />
        </div>
      </div>
    </Loading>
  );
}
