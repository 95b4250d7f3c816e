import { Link } from '@tanstack/react-router';
import { useNewOrders } from '../data/new-orders.ts';
import type { Place } from './places.ts';

/** A place of the desk in a bar. It is marked while its page, or one below it, is open. */
export function PlaceLink({ to, name, icon: Icon }: Pick<Place, 'to' | 'name' | 'icon'>) {
  return (
    <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
      <Icon aria-hidden="true" />
      {name}
      {to === '/orders' ? <NewOrders /> : null}
    </Link>
  );
}

function NewOrders() {
  const count = useNewOrders();
  return count === 0 ? null : (
    <span className="new-orders" role="status">
      {count}
      <span className="visually-hidden"> new</span>
    </span>
  );
}
