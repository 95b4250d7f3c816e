import type { Cart, CartLine } from '@orders-module/client';
import { useEffect, useState } from 'react';
import { PageTitle } from '../app/page-title.tsx';
import { Link } from '../app/router.tsx';
import { useCart, useSetQuantity } from '../data/cart.ts';
import { forgetMissed, readMissed } from '../data/wanted-item.ts';
import { Button, ButtonLink } from '../parts/button.tsx';
import { EmptyState, FailedState, StaleNotice } from '../parts/empty-state.tsx';
import { Loading, Skeleton } from '../parts/loading.tsx';
import { Money } from '../parts/money.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { ProductArt } from '../parts/product-picture.tsx';
import { Quantity } from '../parts/quantity.tsx';
import { Totals } from '../parts/totals.tsx';
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

/** Shown if the item chosen before signing in could not be added. */
function Missed() {
  const [missed] = useState(readMissed);
  useEffect(forgetMissed, []);
  return missed === null ? null : (
    <Notice tone="warn" role="status" title="What you chose is not in your cart">
      <p>{missed}</p>
    </Notice>
  );
}

function CartContents() {
  const cart = useCart();
  const change = useSetQuantity();
  if (cart.isPending) return <LoadingCart />;
  if (cart.data === undefined) return <FailedState error={cart.error} onRetry={() => cart.refetch()} />;
  if (cart.data.lines.length === 0)
    return (
      <EmptyState icon="bag" title="Your cart is empty">
        <p>What you add is kept here, on every device you sign in on.</p>
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
  onQuantity: (quantity: number) => void;
}

function Line({ line, cart, onQuantity }: LineProps) {
  const { variantId, productTitle, variantTitle, slug, quantity, unitPrice, lineTotal } = line;
  const problems = cart.problems.filter((problem) => problem.variantId === variantId);
  const { currency } = cart;
  return (
    <li className="line">
      <div className="line-picture">
        <ProductArt slug={slug} />
      </div>
      <div className="line-text">
        <h2 className="line-title">
          {slug === '' ? productTitle : <Link to={`/products/${slug}`}>{productTitle}</Link>}
        </h2>
        <p className="faint">
          {variantTitle} · <Money amount={unitPrice} currency={currency} /> each
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
        <Money amount={lineTotal} currency={currency} />
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
      <Totals of={cart} />
      <p className="visually-hidden" role="status">
        {cart.itemCount === 1 ? '1 item' : `${cart.itemCount} items`} in the cart
      </p>
      {isShort || refusal !== null ? (
        <>
          {refusal === null ? null : <Notice tone="warn" title={refusal} />}
          {isShort ? (
            <Notice tone="warn" title="Some of this cannot be had">
              <p>Change or remove the lines that are marked, then check out.</p>
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
