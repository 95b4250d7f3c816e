/** One product. */
import {
  type Money as Amount,
  type Currency,
  isOrdersError,
  type Product,
  type ProductVariant,
} from '@orders-module/client';
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { pricesOf, withFirst } from '../../../../models/contract/pricing/price-in.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { Link, navigate } from '../app/router.tsx';
import { useAddToCart, useCartCurrency } from '../data/cart.ts';
import { productByIdQuery, productQuery } from '../data/catalogue.ts';
import { ProductPictures } from '../parts/product-picture.tsx';
import { Quantity } from '../parts/quantity.tsx';
import { NotFoundPage } from './not-found-page.tsx';

export function ProductPage({ slug }: { slug: string }) {
  return <ProductOf query={useQuery(productQuery(slug))} at={slug} />;
}

/** The address that orders link to. */
export function ProductByIdPage({ id }: { id: string }) {
  return <ProductOf query={useQuery(productByIdQuery(id))} at={null} />;
}

/** `at`: the slug of the address; null for another address. Moves on to the address of the product's current slug. */
function ProductOf({ query: product, at }: { query: UseQueryResult<Product>; at: string | null }) {
  const queryClient = useQueryClient();
  const { data } = product;
  useEffect(() => {
    if (data === undefined || data.slug === at) return;
    queryClient.setQueryData(productQuery(data.slug).queryKey, data);
    navigate(`/products/${data.slug}`, { replace: true });
  }, [data, at, queryClient]);
  if (product.isPending) return <LoadingProduct />;
  if (isOrdersError(product.error, 'NOT_FOUND') || isOrdersError(product.error, 'INVALID_INPUT'))
    return <NotFoundPage what="product" />;
  if (product.data === undefined)
    return (
      <div className="page">
        <PageTitle title="Product" className="visually-hidden" />
        <FailedState error={product.error} onRetry={() => product.refetch()} />
      </div>
    );
  return (
    <ProductDetails product={product.data}>
      {product.isRefetchError ? <StaleNotice error={product.error} onRetry={() => product.refetch()} /> : null}
    </ProductDetails>
  );
}

function ProductDetails({ product, children }: { product: Product; children: ReactNode }) {
  const { slug, title, category, description, pictures, variants } = product;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/">
          <Icon name="back" />
          All products
        </Link>
      </p>
      <div className="product">
        <div className="product-picture">
          <ProductPictures slug={slug} title={title} pictures={pictures} />
        </div>
        <div className="product-text">
          <p className="eyebrow">
            <Link className="eyebrow-link" to={`/?category=${encodeURIComponent(category)}`}>
              <bdi>{category}</bdi>
            </Link>
          </p>
          <PageTitle title={title}>
            <bdi>{title}</bdi>
          </PageTitle>
          {children}
          <Purchase title={title} variants={variants} />
          <p className="product-description" dir="auto">
            {description}
          </p>
        </div>
      </div>
    </div>
  );
}

function Purchase({ title, variants }: { title: string; variants: ProductVariant[] }) {
  const [chosenId, setChosenId] = useState(() => (variants.find(({ inStock }) => inStock) ?? variants[0])?.id ?? '');
  const [quantity, setQuantity] = useState(1);
  const add = useAddToCart();
  const cartCurrency = useCartCurrency();
  const chosen = variants.find(({ id }) => id === chosenId) ?? variants[0];
  if (!chosen) return <Notice tone="info" title="Not for sale at the moment" />;
  const { id: variantId } = chosen;
  const prices = shownPrices(chosen, cartCurrency);
  const [price, ...others] = prices;
  const putIntoCart = () => add.mutate({ variantId, quantity, title, prices });
  return (
    <>
      <p className="product-price">
        <Money {...price} />
        {others.map((other) => (
          <span key={other.currency} className="product-other-price">
            {' '}
            or <Money {...other} />
          </span>
        ))}
      </p>
      {variants.length > 1 ? (
        <VariantChoice variants={variants} chosen={chosen} cartCurrency={cartCurrency} onChoose={setChosenId} />
      ) : null}
      <Availability variant={chosen} />
      <div className="buy-bar">
        <div className="product-outcome" role="status">
          {add.isSuccess ? (
            <Notice tone="good" title="In your cart">
              <p>
                <Link to="/cart">See the cart and check out</Link>
              </p>
            </Notice>
          ) : null}
        </div>
        {add.isError ? <ErrorNotice error={add.error} ofChange /> : null}
        <div className="product-buy">
          <Quantity value={quantity} of={title} onChange={setQuantity} />
          <Button onClick={putIntoCart} busy={add.isPending && 'Adding…'} disabled={!chosen.inStock}>
            {chosen.inStock ? 'Add to cart' : 'Sold out'}
          </Button>
        </div>
      </div>
    </>
  );
}

/** The one in the cart's currency first, if there is one. */
function shownPrices(variant: ProductVariant, cartCurrency: Currency | null): [Amount, ...Amount[]] {
  return pricesOf(cartCurrency === null ? variant : withFirst(variant, cartCurrency));
}

interface VariantChoiceProps {
  variants: ProductVariant[];
  chosen: ProductVariant;
  cartCurrency: Currency | null;
  onChoose: (id: string) => void;
}

function VariantChoice({ variants, chosen, cartCurrency, onChoose }: VariantChoiceProps) {
  const [own] = shownPrices(chosen, cartCurrency);
  const options = variants.map((variant) => ({ ...variant, shown: shownPrices(variant, cartCurrency)[0] }));
  const costsTheSame = options.every(({ shown }) => shown.amount === own.amount && shown.currency === own.currency);
  return (
    <fieldset className="choice">
      <legend>Choose one</legend>
      <div className="choice-options">
        {options.map(({ id, title, shown, inStock }) => (
          <label key={id} className={inStock ? 'choice-option' : 'choice-option choice-option-gone'}>
            <input type="radio" name="variant" value={id} checked={id === chosen.id} onChange={() => onChoose(id)} />
            <span>
              <bdi>{title}</bdi>
              {costsTheSame ? null : (
                <>
                  {' '}
                  <Money {...shown} />
                </>
              )}
              {inStock ? null : <span className="visually-hidden">, sold out</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Up to this number the page shows how many are left. */
const FEW = 5;

function Availability({ variant: { inStock, available } }: { variant: ProductVariant }) {
  if (!inStock) return <p className="stock stock-none">Sold out for now</p>;
  if (available <= FEW) return <p className="stock stock-few">Only {available} left</p>;
  return <p className="stock">In stock, ready to ship</p>;
}

function LoadingProduct() {
  return (
    <div className="page">
      <PageTitle title="Product" className="visually-hidden" />
      <Loading what="the product">
        <p className="crumb">
          <Skeleton size="third" />
        </p>
        <div className="product">
          <div className="product-picture bone" />
          <div className="product-text">
            <Skeleton size="third" />
            <Skeleton size="title" />
            <Skeleton size="half" />
            <Skeleton size="block" />
          </div>
        </div>
      </Loading>
    </div>
  );
}
