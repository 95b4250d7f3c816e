import { logoPath } from '../../../../models/contract/pages/looks.ts';
import { POLICY_TITLES } from '../../../../models/contract/shop/policies.ts';
import { useAccount } from '../../../parts/data/account.ts';
import { useShopContact, useShopLooks, useShopName } from '../../../parts/data/shop.ts';
import { Icon } from '../../../parts/ui/icon.tsx';
import { useCartCount } from '../data/cart.ts';
import { Link, useLocation } from './router.tsx';

export function Header() {
  const { path } = useLocation();
  const account = useAccount();
  const shopName = useShopName();
  const current = (under: string) => (path === under || path.startsWith(`${under}/`) ? ('page' as const) : undefined);
  return (
    <header className="header">
      <div className="header-inner">
        <Link to="/" className="brand" aria-label={`${shopName}, home`}>
          <Brand shopName={shopName} />
        </Link>
        <nav className="header-nav" aria-label="Main">
          <ul className="nav">
            {account?.permissions.includes('viewOrders') ? (
              <li>
                <a href="/desk">Desk</a>
              </li>
            ) : null}
            <li>
              <Link to="/orders" aria-current={current('/orders')}>
                Orders
              </Link>
            </li>
            <li>
              <CartLink isCurrent={path === '/cart'} />
            </li>
            <li>
              {account === null ? (
                <SignInLink path={path} />
              ) : (
                <Link to="/account" aria-current={current('/account')} title={`Signed in as ${account.name}`}>
                  Account
                </Link>
              )}
            </li>
          </ul>
        </nav>
      </div>
    </header>
  );
}

function Brand({ shopName }: { shopName: string }) {
  const logo = useShopLooks()?.logo ?? null;
  if (logo !== null)
    return (
      <img
        className="brand-logo"
        src={logoPath(logo.pictureId)}
        width={logo.width}
        height={logo.height}
        alt={shopName}
      />
    );
  return (
    <>
      <span className="brand-mark">
        <Icon name="bag" />
      </span>
      <bdi className="brand-name">{shopName}</bdi>
    </>
  );
}

function CartLink({ isCurrent }: { isCurrent: boolean }) {
  const count = useCartCount();
  return (
    <Link to="/cart" className="nav-cart" aria-current={isCurrent ? 'page' : undefined}>
      <Icon name="bag" />
      Cart
      {count === 0 ? null : (
        <>
          <span className="count" aria-hidden="true">
            {count > 99 ? '99+' : count}
          </span>
          <span className="visually-hidden">, {count === 1 ? '1 item' : `${count} items`}</span>
        </>
      )}
    </Link>
  );
}

function SignInLink({ path }: { path: string }) {
  const isHere = path === '/sign-in' || path === '/sign-up';
  const next = isHere || path === '/' ? '' : `?next=${encodeURIComponent(path)}`;
  return (
    <Link to={`/sign-in${next}`} aria-current={isHere ? 'page' : undefined}>
      Sign in
    </Link>
  );
}

export function Footer() {
  return (
    <footer className="footer">
      <div className="footer-inner">
        <ul className="promises">
          <li>
            <Icon name="lock" />
            Paid securely on Paystack’s page. We never see your card.
          </li>
          <li>
            <Icon name="refund" />
            If we cannot deliver what you paid for, your money goes back by itself.
          </li>
          <li>
            <Icon name="truck" />
            Every step told by email and on your order’s page.
          </li>
        </ul>
        <Policies />
        <ShopAddress />
      </div>
    </footer>
  );
}

function Policies() {
  const policies = useShopLooks()?.policies ?? [];
  if (policies.length === 0) return null;
  return (
    <nav aria-label="Policies">
      <ul className="footer-policies">
        {policies.map((name) => (
          <li key={name}>
            <Link to={`/policies/${name}`}>{POLICY_TITLES[name]}</Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ShopAddress() {
  const name = useShopName();
  const { email, phone, phoneToDial } = useShopContact();
  return (
    <address className="footer-name">
      <bdi>{name}</bdi>
      {email === null ? null : <a href={`mailto:${email}`}>{email}</a>}
      {phone === null || phoneToDial === null ? phone : <a href={`tel:${phoneToDial}`}>{phone}</a>}
    </address>
  );
}
