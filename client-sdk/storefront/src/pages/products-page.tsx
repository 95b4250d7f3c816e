/** All products, newest first, or the results of the search in the URL. */
import type { ProductSummary } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { readProductsAddress } from '../../../../models/contract/pages/pages.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { EmptyState, FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { Link, navigate } from '../app/router.tsx';
import { productsQuery } from '../data/catalogue.ts';
import { ProductPicture } from '../parts/product-picture.tsx';

export function ProductsPage({ query }: { query: URLSearchParams }) {
  const { search, category } = readProductsAddress(query);
  const isHome = search === '' && category === '';
  const title = useTitle(search, category);
  return (
    <div className="page">
      <div className="catalogue-head">
        <div>
          <PageTitle title={isHome ? null : title}>{isHome ? 'Well-made things, honestly sold' : title}</PageTitle>
          <p className="lead">
            {isHome ? (
              'Pick what you like, pay securely, and follow your order to the door.'
            ) : (
              <Link to="/">See everything</Link>
            )}
          </p>
        </div>
        <SearchForm key={search} search={search} />
      </div>
      <Products search={search} category={category} />
    </div>
  );
}

/** A category as its products have it, whatever case the link has. */
function useTitle(search: string, category: string): string {
  const { data } = useInfiniteQuery(productsQuery({ search, category }));
  return search === '' ? (data?.pages[0]?.items[0]?.category ?? category) : `Results for “${search}”`;
}

function SearchForm({ search }: { search: string }) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const search = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    navigate(search === '' ? '/' : `/?q=${encodeURIComponent(search)}`);
  };
  return (
    <search>
      <form className="search" onSubmit={submit}>
        <label htmlFor="search" className="visually-hidden">
          Search products
        </label>
        <input id="search" name="q" type="search" defaultValue={search} placeholder="Search products" maxLength={100} />
        <button type="submit" aria-label="Search">
          <Icon name="search" />
        </button>
      </form>
    </search>
  );
}

function Products({ search, category }: { search: string; category: string }) {
  const products = useInfiniteQuery(productsQuery({ search, category }));
  if (products.isPending) return <LoadingProducts />;
  if (products.data === undefined) return <FailedState error={products.error} onRetry={() => products.refetch()} />;
  const items = products.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <NothingFound search={search} category={category} />;
  const note = NOTES[products.data.pages[0]?.matches ?? 'all'];
  return (
    <>
      {note === null ? null : <p className="lead">{note}</p>}
      <p className="visually-hidden" role="status">
        {items.length === 1 ? '1 product' : `${items.length} products`}
        {products.hasNextPage ? ' shown, more can be loaded' : ''}
      </p>
      {products.isRefetchError ? <StaleNotice error={products.error} onRetry={() => products.refetch()} /> : null}
      <ul className="grid">
        {items.map((product, place) => (
          <ProductCard key={product.id} product={product} place={place} />
        ))}
      </ul>
      <NextPageButton of={products}>Show more products</NextPageButton>
    </>
  );
}

const NOTES = {
  all: null,
  similar: 'Nothing is spelt like that. These are the nearest:',
  some: 'Nothing has all of these words. These have some of them:',
} as const;

/**
 * Two cards beside each other, and more in wider windows. A little less than a card's width: the picture of 320 pixels is
 * enough for the 328 of a common phone. The next size has three times as many bytes.
 */
const CARD = '(min-width: 33rem) 12.5rem, calc(50vw - 2.25rem)';

function ProductCard({ product, place }: { product: ProductSummary; place: number }) {
  const { slug, title, category, picture, fromPrices, inStock } = product;
  return (
    <li className={inStock ? 'card' : 'card card-sold-out'}>
      <div className="card-picture">
        <ProductPicture slug={slug} picture={picture} sizes={CARD} place={place} />
        {inStock ? null : <span className="tag">Sold out</span>}
      </div>
      <h2 className="card-title">
        <Link to={`/products/${slug}`}>{title}</Link>
      </h2>
      <p className="card-category">{category}</p>
      <p className="card-price">
        {fromPrices.map(({ amount, currency, isOnly }, index) => (
          <span key={currency}>
            {index === 0 ? null : ' · '}
            {isOnly ? null : 'from '}
            <Money amount={amount} currency={currency} />
          </span>
        ))}
      </p>
    </li>
  );
}

function NothingFound({ search, category }: { search: string; category: string }) {
  if (search === '' && category === '')
    return (
      <EmptyState icon="box" title="The shelves are empty">
        <p>New things are on their way. Look in again soon.</p>
      </EmptyState>
    );
  return (
    <EmptyState
      icon="search"
      title={search === '' ? `There is nothing in “${category}”` : `Nothing matches “${search}”`}
    >
      {search === '' ? null : (
        <p>
          Check the spelling, or search by one word: of a name, a colour or size, a category, or the number on a label.
        </p>
      )}
      {search === '' || category === '' ? null : (
        <p>
          <Link to={`/?q=${encodeURIComponent(search)}`}>Search all categories</Link>
        </p>
      )}
      <OtherCategories category={category} />
    </EmptyState>
  );
}

/** The categories of the newest products. */
function OtherCategories({ category }: { category: string }) {
  const newest = useInfiniteQuery(productsQuery({ search: '', category: '' }));
  const items = newest.data?.pages[0]?.items ?? [];
  const others = [...new Set(items.map((product) => product.category))].filter((one) => one !== category).slice(0, 8);
  if (others.length === 0) return null;
  return (
    <nav aria-label="Categories" className="categories">
      <p>Or look through:</p>
      <ul>
        {others.map((one) => (
          <li key={one}>
            <Link to={`/?category=${encodeURIComponent(one)}`} className="category-link">
              {one}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const PLACES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

function LoadingProducts() {
  return (
    <Loading what="products">
      <div className="grid">
        {PLACES.map((place) => (
          <div className="card" key={place}>
            <div className="card-picture bone" />
            <p className="card-title">
              <Skeleton size="half" />
            </p>
            <p className="card-category">
              <Skeleton size="third" />
            </p>
            <p className="card-price">
              <Skeleton size="third" />
            </p>
          </div>
        ))}
      </div>
    </Loading>
  );
}
