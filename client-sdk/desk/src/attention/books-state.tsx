import { useQuery } from '@tanstack/react-query';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Notice } from '../../../parts/ui/notice.tsx';
import { booksQuery } from '../data/orders.ts';

/** Until when the audit has found the orders, the money and the stock right. Nothing before it has an answer. */
export function BooksState() {
  const { data: books, isPending } = useQuery(booksQuery);
  if (isPending)
    return (
      <Loading what="the state of the books">
        <Skeleton size="half" />
      </Loading>
    );
  if (books === undefined) return null;
  const { provedUntil, violations, since } = books;
  if (violations > 0 && since !== null)
    return (
      <Notice tone="bad">
        The books do not add up: {violations === 1 ? 'one error has' : `${violations} errors have`} been found since{' '}
        <Instant at={since} />. Tell the person who looks after the server; the command <code>npm run audit</code> lists
        them.
      </Notice>
    );
  if (provedUntil === null) return <p className="faint">The books are being checked for the first time.</p>;
  return (
    <p className="faint">
      The books are proved until <Instant at={provedUntil} />: orders, money and stock add up.
    </p>
  );
}
