import type { Cart, CartLine, CartProblem } from '@orders-module/client';
import { useEffect, useState } from 'react';
import { useSession } from '../../../parts/data/session.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { currencyName } from '../../../parts/ui/currency-name.ts';
import { EmptyState, FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { SelectField } from '../../../parts/ui/field.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { Totals } from '../../../parts/ui/totals.tsx';
import { Link } from '../app/router.tsx';
import { useCart, useMarkPricesSeen, useSetCurrency, useSetQuantity } from '../data/cart.ts';
import { useMissed } from '../data/guest-cart.ts';
import { ButtonLink } from '../parts/button-link.tsx';
import { ProductThumbnail } from '../parts/product-picture.tsx';
import { Quantity } from '../parts/quantity.tsx';
import { CartRefill } from './cart-refill.tsx';

export function CartPage({ from }: { from: string | null }) {
  return (
    <div className="page">
      <PageTitle title="Your cart" />
      {from === null ? null : <CartRefill key={from} code={from.trim().toUpperCase()} />}
      <Missed />
      <CartContents />
    </div>
  );
}

/** Shown if something chosen before the sign-in is not in the cart, until the shopper has read it. */
function Missed() {
  const { missed, forget } = useMissed();
  if (missed.length === 0) return null;
  return (
    <Notice tone="warn" role="status" title="Not everything that you chose is in your cart">
      <ul className="plain-list">
        {missed.map((message) => (
          <li key={message}>
            <bdi>{message}</bdi>
          </li>
        ))}
      </ul>
      <button type="button" className="link-button" onClick={forget}>
        Close<span className="visually-hidden"> this notice</span>
      </button>
    </Notice>
  );
}

/**
 * The notices of changed prices, kept for as long as the page is shown. Showing them ends them, for the shop: the header of
 * another page reads the cart, too, and must not use them up.
 */
function useChangedPrices(cart: Cart | undefined): readonly CartProblem[] {
  /** Each names a price in its currency, which would mislead beside prices in another one. */
  const [shown, setShown] = useState<readonly (CartProblem & { currency: Cart['currency'] })[]>([]);
  const { mutate: markSeen } = useMarkPricesSeen();
  useEffect(() => {
    const changed = cart?.problems.filter(({ kind }) => kind === 'price_changed') ?? [];
    if (cart === undefined || changed.length === 0) return;
    const isNew = (id: string) => changed.some(({ variantId }) => variantId === id);
    const { currency } = cart;
    const told = changed.map((problem) => ({ ...problem, currency }));
    setShown((before) => [...before.filter(({ variantId }) => !isNew(variantId)), ...told]);
    const lines = cart.lines.filter(({ variantId }) => isNew(variantId));
    markSeen({ currency, prices: lines.map(({ variantId, unitPrice }) => ({ variantId, unitPrice })) });
  }, [cart, markSeen]);
  return shown.filter(({ currency }) => currency === cart?.currency);
}

function CartContents() {
  const cart = useCart();
  const change = useSetQuantity();
  const changedPrices = useChangedPrices(cart.data);
  const isGuest = useSession() === null;
  if (cart.isPending) return <LoadingCart />;
  if (cart.data === undefined) return <FailedState error={cart.error} onRetry={() => cart.refetch()} />;
  if (cart.data.lines.length === 0)
    return (
      <EmptyState icon="bag" title="Your cart is empty">
        <p>
          {isGuest
            ? 'What you add is kept in this browser, and comes with you when you sign in.'
            : 'What you add is kept here, on every device you sign in on.'}
        </p>
        <ButtonLink to="/">Browse the shop</ButtonLink>
      </EmptyState>
    );
  return (
    <div className="with-summary">
      <div>
        {change.isError ? <ErrorNotice error={change.error} ofChange /> : null}
        {cart.isRefetchError ? <StaleNotice error={cart.error} onRetry={() => cart.refetch()} /> : null}
        <ul className="lines">
          {cart.data.lines.map((line) => (
            <Line
              key={line.variantId}
              line={line}
              cart={cart.data}
              changedPrices={changedPrices}
              onQuantity={(quantity) => change.mutate({ variantId: line.variantId, quantity })}
            />
          ))}
        </ul>
      </div>
      <Summary cart={cart.data} />
    </div>
  );
}

interface LineProps {
  line: CartLine;
  cart: Cart;
  changedPrices: readonly CartProblem[];
  onQuantity: (quantity: number) => void;
}

function Line({ line, cart, changedPrices, onQuantity }: LineProps) {
  const { variantId, productTitle, variantTitle, slug, picture, quantity, unitPrice, lineTotal } = line;
  const current = cart.problems.filter(({ kind }) => kind !== 'price_changed');
  const problems = [...current, ...changedPrices].filter((problem) => problem.variantId === variantId);
  const { currency } = cart;
  // Without a price that it could be had at.
  const isGone = problems.some(({ kind }) => kind === 'unavailable');
  return (
    <li className="line">
      <div className="line-picture">
        <ProductThumbnail slug={slug} pictureId={picture?.pictureId ?? null} />
      </div>
      <div className="line-text">
        <h2 className="line-title">
          <bdi>{slug === '' ? productTitle : <Link to={`/products/${slug}`}>{productTitle}</Link>}</bdi>
        </h2>
        <p className="faint">
          <bdi>{variantTitle}</bdi>
          {variantTitle === '' || isGone ? null : ' · '}
          {isGone ? null : (
            <>
              <Money amount={unitPrice} currency={currency} /> each
            </>
          )}
        </p>
        {problems.map(({ kind, message }) => (
          <p key={kind} className={kind === 'price_changed' ? 'line-note' : 'line-note line-problem'}>
            {message}
          </p>
        ))}
        <div className="line-actions">
          <Quantity value={quantity} of={productTitle} onChange={onQuantity} />
          <button type="button" className="link-button" onClick={() => onQuantity(0)}>
            Remove<span className="visually-hidden"> {productTitle}</span>
          </button>
          {line.shortage && line.available > 0 ? (
            <button type="button" className="link-button" onClick={() => onQuantity(line.available)}>
              Take {line.available}
            </button>
          ) : null}
        </div>
      </div>
      <p className="line-total">
        {lineTotal === 0 ? (
          <span className="faint">Not counted</span>
        ) : (
          <Money amount={lineTotal} currency={currency} />
        )}
      </p>
    </li>
  );
}

function Summary({ cart }: { cart: Cart }) {
  const { refusal } = cart;
  const isShort = cart.lines.some(({ shortage }) => shortage);
  return (
    <section className="summary panel" aria-labelledby="summary">
      <h2 id="summary">Summary</h2>
      <PayIn cart={cart} />
      {cart.lines.some(({ lineTotal }) => lineTotal > 0) ? <Totals of={cart} /> : null}
      <p className="visually-hidden" role="status">
        {cart.itemCount === 1 ? '1 item' : `${cart.itemCount} items`} in the cart
      </p>
      {isShort || refusal !== null ? (
        <>
          {refusal === null ? null : <Notice tone="warn" title={refusal} />}
          {isShort ? (
            <Notice tone="warn" title="Some of this cannot be had">
              <p>The total leaves it out. Change or remove the lines that are marked, then check out.</p>
            </Notice>
          ) : null}
          <Button wide disabled>
            Check out
          </Button>
        </>
      ) : (
        <ButtonLink to="/checkout" wide>
          Check out
        </ButtonLink>
      )}
    </section>
  );
}

/** Shown where the whole cart can be paid in another currency, too. */
function PayIn({ cart }: { cart: Cart }) {
  const change = useSetCurrency();
  const { currency } = cart;
  // A process of the release before answers without them.
  const currencies: Cart['currencies'] | undefined = cart.currencies;
  if (currencies === undefined) return null;
  const choices = currencies.includes(currency) ? currencies : [currency, ...currencies];
  if (choices.length < 2) return null;
  return (
    <>
      <SelectField
        label="Pay in"
        name="currency"
        value={change.isPending ? change.variables : currency}
        onChange={({ currentTarget }) => {
          const chosen = choices.find((one) => one === currentTarget.value);
          if (chosen !== undefined) change.mutate(chosen);
        }}
      >
        {choices.map((one) => (
          <option key={one} value={one}>
            {currencyName(one)}
          </option>
        ))}
      </SelectField>
      {change.isError ? <ErrorNotice error={change.error} ofChange /> : null}
    </>
  );
}

function LoadingCart() {
  return (
    <Loading what="your cart">
      <div className="with-summary">
        <div className="lines">
          {['a', 'b'].map((place) => (
            <div className="line" key={place}>
              <div className="line-picture bone" />
              <div className="line-text">
                <Skeleton size="half" />
                <Skeleton size="third" />
                <Skeleton size="third" />
              </div>
            </div>
          ))}
        </div>
        <div className="summary panel">
          <Skeleton size="half" />
          <Skeleton />
          <Skeleton size="block" />
        </div>
      </div>
    </Loading>
  );
}
