/** Explains why an order could not be placed and offers the next step, for each error code. */
import { type Cart, isOrdersError, type Shortage } from '@orders-module/client';
import { asSentence, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { Link } from '../app/router.tsx';
import { useSetQuantity } from '../data/cart.ts';
import { changedPrice } from '../data/changed-price.ts';
import { forgetCheckout } from '../data/checkout.ts';

interface CheckoutProblemProps {
  error: unknown;
  cart: Cart;
  /** The currency of the total that was refused. */
  shownCurrency: Cart['currency'];
  /** Places the order for this total, in subunits. */
  onAccept: (total: number) => void;
}

export function CheckoutProblem({ error, cart, shownCurrency, onAccept }: CheckoutProblemProps) {
  if (isOrdersError(error, 'PRICE_CHANGED')) {
    const changed = changedPrice(error.data.details, { shown: shownCurrency, cart: cart.currency });
    if (changed.of === 'currency')
      return (
        <Notice tone="warn" role="alert" title={`Your cart is in ${changed.currency} now`}>
          <p>Its currency was changed elsewhere. Nothing was ordered yet: look it over, then press Pay once more.</p>
        </Notice>
      );
    return (
      <Notice tone="warn" role="alert" title="The price has changed">
        <p>
          The total was <s>{changed.before}</s> and is now <strong>{changed.after}</strong>. Nothing was ordered yet:
          press Pay to order for that.
        </p>
      </Notice>
    );
  }
  if (isOrdersError(error, 'INSUFFICIENT_STOCK'))
    return <ShortStock shortages={error.data.details.shortages} cart={cart} />;
  if (isOrdersError(error, 'TOO_MANY_UNPAID_ORDERS'))
    return (
      <ErrorNotice error={error}>
        <UnpaidOrders orders={error.data.details.orders} />
      </ErrorNotice>
    );
  if (isOrdersError(error, 'ORDER_STATE_CONFLICT'))
    return <OrderedBefore error={error} onAgain={() => onAccept(cart.total)} />;
  if (isOrdersError(error, 'CHECKOUT_KEY_REUSED'))
    return (
      <Notice tone="warn" role="alert" title="This checkout has changed">
        <p>Look it over, then press Pay once more.</p>
      </Notice>
    );
  if (isOrdersError(error, 'INVALID_INPUT') && error.data.details.issues.some(({ path }) => path === 'cart'))
    return <CartRejected issues={error.data.details.issues} />;
  const isAboutFields = Object.keys(fieldErrorsOf(error, 'shippingAddress.')).length > 0;
  return isAboutFields ? (
    <Notice tone="bad" role="alert">
      <p>Some of the address cannot be used. The fields say what.</p>
    </Notice>
  ) : (
    <ErrorNotice error={error} />
  );
}

function ShortStock({ shortages, cart }: { shortages: Shortage[]; cart: Cart }) {
  const change = useSetQuantity();
  return (
    <Notice tone="warn" role="alert" title="There is not enough left">
      <p>Nothing was ordered yet.</p>
      <ul className="shortages">
        {shortages.map(({ variantId, sku, requested, available }) => {
          const name = cart.lines.find((line) => line.variantId === variantId)?.productTitle ?? sku;
          return (
            <li key={variantId}>
              <span>
                <bdi>{name}</bdi>: you want {requested}, {available === 0 ? 'none is left' : `${available} left`}.
              </span>
              <button
                type="button"
                className="link-button"
                onClick={() => change.mutate({ variantId, quantity: available })}
              >
                {available === 0 ? 'Remove' : `Take ${available}`}
                <span className="visually-hidden"> {name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}

function UnpaidOrders({ orders }: { orders: { id: string; code: string }[] }) {
  return (
    <>
      <p>Pay or cancel one of these first:</p>
      <ul className="plain-list">
        {orders.map(({ id, code }) => (
          <li key={id}>
            <Link to={`/orders/${id}`}>Order {code}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The cart as a whole was rejected, for example because its total is below the minimum charge. */
function CartRejected({ issues }: { issues: { path: string; message: string }[] }) {
  return (
    <Notice tone="bad" role="alert" title="This cart cannot be ordered as it is">
      {issues.map(({ path, message }) => (
        <p key={path}>{asSentence(message)}</p>
      ))}
      <p>
        <Link to="/cart">Change the cart</Link>
      </p>
    </Notice>
  );
}

/** This browser ordered the same items to the same address before, so a second order needs a confirmation. */
function OrderedBefore({ error, onAgain }: { error: Error; onAgain: () => void }) {
  const orderAgain = () => {
    forgetCheckout();
    onAgain();
  };
  return (
    <Notice tone="warn" role="alert" title="You have placed this order before">
      <p>{error.message}</p>
      <p>
        <Link to="/orders">See your orders</Link>
      </p>
      <Button look="secondary" onClick={orderAgain}>
        Order the same once more
      </Button>
    </Notice>
  );
}
