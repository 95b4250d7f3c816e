import type { ReactNode } from 'react';
import { buttonClass, type Look } from '../../../parts/ui/button.tsx';
import { Link } from '../app/router.tsx';

interface ButtonLinkProps {
  to: string;
  look?: Look;
  wide?: boolean;
  children: ReactNode;
}

export function ButtonLink({ to, look = 'primary', wide = false, children }: ButtonLinkProps) {
  return (
    <Link to={to} className={buttonClass(look, wide)}>
      {children}
    </Link>
  );
}
