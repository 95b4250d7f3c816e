import { Link } from '@tanstack/react-router';

/** An order's code, as a link to its page. */
export function OrderLink({ id, code }: { id: string; code: string }) {
  return (
    <Link to="/orders/$id" params={{ id }}>
      <span className="code">{code}</span>
    </Link>
  );
}
