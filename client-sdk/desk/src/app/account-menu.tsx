import { Menu } from '@base-ui/react/menu';
import type { Account } from '@orders-module/client';
import { Bell, BellOff, CircleUser, LogOut, Store } from 'lucide-react';
import { useSignOut } from '../../../parts/data/account.ts';
import { switchSound, useSoundOn } from '../data/new-orders.ts';
import { ROLE_WORDS } from '../ui/words.ts';

/** The name and role of the person who is signed in, and the ways out. */
export function AccountMenu({ account: { name, email, role } }: { account: Account }) {
  const sound = useSoundOn();
  const signOut = useSignOut({ everywhere: false, onLeaving: () => undefined });
  return (
    <Menu.Root>
      <Menu.Trigger className="who">
        <CircleUser aria-hidden="true" />
        <span className="who-name">
          <bdi>{name}</bdi>
          <span className="faint">{ROLE_WORDS[role]}</span>
        </span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="menu-place">
          <Menu.Popup className="menu">
            <p className="menu-text">
              <bdi>{name}</bdi>, {ROLE_WORDS[role]}
              <br />
              <span className="faint">{email}</span>
            </p>
            <Menu.CheckboxItem
              className="menu-item"
              checked={sound}
              onCheckedChange={switchSound}
              // The switch shows its new state before the menu is left.
              closeOnClick={false}
            >
              {sound ? <Bell aria-hidden="true" /> : <BellOff aria-hidden="true" />}
              Sound for new orders: {sound ? 'on' : 'off'}
            </Menu.CheckboxItem>
            {/* Another app. */}
            <Menu.Item render={<a href="/">The shop</a>} className="menu-item">
              <Store aria-hidden="true" />
              To the shop
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => signOut.mutate()}>
              <LogOut aria-hidden="true" />
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
