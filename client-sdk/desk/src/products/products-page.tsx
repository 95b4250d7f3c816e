import { pictureUrl } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { SubmitEvent } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { DownloadButton } from '../../../parts/ui/download-button.tsx';
import { EmptyState, FailedState } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { type ProductFilters, productsQuery } from '../data/products.ts';

const TABS: readonly [ProductFilters['show'], string][] = [
  [undefined, 'Sold'],
  ['low', 'Low stock'],
  ['archived', 'Archived'],
];

export function ProductsPage() {
  const filters = useSearch({ from: '/products' });
  const { q, show } = filters;
  return (
    <div className="page">
      <div className="section-head">
        <PageTitle title="Products" />
        <ProductTools />
      </div>
      <nav className="tabs" aria-label="Products by state">
        <ul>
          {TABS.map(([tab, name]) => (
            <li key={name}>
              <Link
                to="/products"
                search={{ ...(q === undefined ? {} : { q }), ...(tab === undefined ? {} : { show: tab }) }}
                aria-current={tab === show ? 'page' : undefined}
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <ProductSearch key={q} filters={filters} />
      <Products filters={filters} />
    </div>
  );
}

function ProductTools() {
  if (!useMay('editCatalogue')) return null;
  return (
    <div className="actions">
      <Link to="/products/new" className="button button-primary">
        New product
      </Link>
      <Link to="/products/import" className="button button-secondary">
        Import CSV
      </Link>
      <DownloadButton path="/admin/products/list.csv" fileName="products.csv">
        Download CSV
      </DownloadButton>
    </div>
  );
}

function ProductSearch({ filters: { q, show } }: { filters: ProductFilters }) {
  const navigate = useNavigate();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    void navigate({
      to: '/products',
      search: { ...(text === '' ? {} : { q: text }), ...(show === undefined ? {} : { show }) },
    });
  };
  return (
    <search className="product-search">
      <form className="search" onSubmit={submit}>
        <label htmlFor="product-search" className="visually-hidden">
          Title or SKU
        </label>
        <input
          id="product-search"
          name="q"
          type="search"
          defaultValue={q}
          placeholder="Title or SKU"
          autoComplete="off"
          maxLength={100}
        />
        <button type="submit" aria-label="Find products">
          <Icon name="search" />
        </button>
      </form>
    </search>
  );
}

function Products({ filters }: { filters: ProductFilters }) {
  const products = useInfiniteQuery(productsQuery(filters));
  if (products.isPending)
    return (
      <Loading what="products">
        <Skeleton size="block" />
      </Loading>
    );
  if (products.data === undefined) return <FailedState error={products.error} onRetry={() => products.refetch()} />;
  const items = products.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState icon="search" title="No products here" />;
  return (
    <>
      <ul className="order-list product-list">
        {items.map((product) => (
          <li key={product.id} className="order-row panel">
            <div className="product-name">
              {product.picture === null ? (
                <span className="product-picture" />
              ) : (
                <img
                  className="product-picture"
                  src={pictureUrl('', product.picture.pictureId, 320)}
                  alt=""
                  width={48}
                  height={48}
                  loading="lazy"
                />
              )}
              <div>
                <h2 className="order-row-code">
                  <Link to="/products/$id" params={{ id: product.id }}>
                    <bdi>{product.title}</bdi>
                  </Link>
                </h2>
                <p className="faint">
                  {product.category} · {product.variants === 1 ? '1 variant' : `${product.variants} variants`}
                </p>
              </div>
            </div>
            <p>
              {product.stock.toLocaleString('en')} in stock
              {product.reserved === 0 ? '' : `, ${product.reserved} reserved`}{' '}
              {product.lowStock === 0 ? null : <span className="badge badge-warn">low</span>}
              {product.archived ? <span className="badge">archived</span> : null}
            </p>
            <p className="order-row-total">
              {product.fromPrices.map(({ amount, currency, isOnly }, index) => (
                <span key={currency}>
                  {index === 0 ? '' : ', '}
                  {isOnly ? '' : 'from '}
                  <Money amount={amount} currency={currency} />
                </span>
              ))}
            </p>
          </li>
        ))}
      </ul>
      <NextPageButton of={products}>Show more</NextPageButton>
    </>
  );
}
