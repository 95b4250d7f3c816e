import { Link, useSearch } from '@tanstack/react-router';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { OrderTable } from './order-list.tsx';

export function OrdersPage() {
  const { q, tag } = useSearch({ from: '/orders' });
  return (
    <div className="page">
      <PageTitle title={titleOf({ q, tag })}>
        {tag === undefined ? null : (
          <>
            Orders with the tag “<bdi>{tag}</bdi>”
          </>
        )}
      </PageTitle>
      <p className="lead">
        By code, name, email, phone number, SKU or tracking number; the beginning is enough.{' '}
        {q === undefined && tag === undefined ? null : <Link to="/orders">All orders</Link>}
      </p>
      <section className="waiting" aria-label="Orders">
        <OrderTable
          search={{ ...(q === undefined ? {} : { search: q }), ...(tag === undefined ? {} : { tag }) }}
          what="orders"
          none={
            tag === undefined
              ? 'No order matches. Try less of it: four letters of a code, or one word of a name.'
              : 'No order has this tag any more.'
          }
        />
      </section>
    </div>
  );
}

function titleOf({ q, tag }: { q: string | undefined; tag: string | undefined }): string {
  if (q !== undefined) return `Orders for “${q}”`;
  return tag === undefined ? 'Orders' : `Orders with the tag “${tag}”`;
}
