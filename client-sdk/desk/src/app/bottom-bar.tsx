import { Menu } from '@base-ui/react/menu';
import type { Account } from '@orders-module/client';
import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { PlaceLink } from './place-link.tsx';
import { PLACES, PLACES_IN_BAR } from './places.ts';

/** On a phone, below the thumb. The places without room there are in a menu. */
export function BottomBar({ account }: { account: Account }) {
  const places = PLACES.filter(({ only }) => account.permissions.includes(only));
  const shown = places.slice(0, PLACES_IN_BAR);
  const others = places.slice(PLACES_IN_BAR);
  return (
    <nav className="bottom-bar" aria-label="Main">
      <ul>
        {shown.map(({ to, name, shortName = name, icon: Icon }) => (
          <li key={to}>
            <PlaceLink to={to} name={shortName} icon={Icon} />
          </li>
        ))}
        {others.length === 0 ? null : (
          <li>
            <Menu.Root>
              <Menu.Trigger>
                <Ellipsis aria-hidden="true" />
                More
              </Menu.Trigger>
              <Menu.Portal>
                <Menu.Positioner sideOffset={8} className="menu-place">
                  <Menu.Popup className="menu">
                    {others.map(({ to, name, icon: Icon }) => (
                      <Menu.Item key={to} render={<Link to={to} />} className="menu-item">
                        <Icon aria-hidden="true" />
                        {name}
                      </Menu.Item>
                    ))}
                  </Menu.Popup>
                </Menu.Positioner>
              </Menu.Portal>
            </Menu.Root>
          </li>
        )}
      </ul>
    </nav>
  );
}
