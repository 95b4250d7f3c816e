/** The pages of the sidebar, each for those who have its permission. */
import type { Permission } from '@orders-module/client';
import { Banknote, BellRing, type LucideIcon, PackageSearch, Settings } from 'lucide-react';

export interface Place {
  to: '/attention' | '/orders' | '/payouts' | '/settings';
  name: string;
  /** Where the whole name has no room. */
  shortName?: string;
  icon: LucideIcon;
  only: Permission;
}

export const PLACES: readonly Place[] = [
  { to: '/attention', name: 'Needs attention', shortName: 'Attention', icon: BellRing, only: 'viewOrders' },
  { to: '/orders', name: 'Orders', icon: PackageSearch, only: 'viewOrders' },
  { to: '/payouts', name: 'Payouts', icon: Banknote, only: 'viewPayouts' },
  { to: '/settings', name: 'Settings', icon: Settings, only: 'settings' },
];

/** A bottom bar with more of them cannot be pressed with a thumb. */
export const PLACES_IN_BAR = 4;
