/** The pages of the sidebar, each for those who have its permission. */
import type { Permission } from '@orders-module/client';
import {
  Banknote,
  BellRing,
  CalendarCheck,
  Cog,
  Gavel,
  type LucideIcon,
  PackageSearch,
  Settings,
  Tags,
  Users,
} from 'lucide-react';

export interface Place {
  to: '/' | '/attention' | '/orders' | '/disputes' | '/payouts' | '/products' | '/people' | '/jobs' | '/settings';
  name: string;
  /** Where the whole name has no room. */
  shortName?: string;
  icon: LucideIcon;
  only: Permission;
}

/** The most used come first: a phone shows them without a menu. */
export const PLACES: readonly Place[] = [
  { to: '/', name: 'Today', icon: CalendarCheck, only: 'viewOrders' },
  { to: '/orders', name: 'Orders', icon: PackageSearch, only: 'viewOrders' },
  { to: '/attention', name: 'Needs attention', shortName: 'Attention', icon: BellRing, only: 'viewOrders' },
  { to: '/products', name: 'Products', icon: Tags, only: 'viewCatalogue' },
  { to: '/disputes', name: 'Disputes', icon: Gavel, only: 'viewOrders' },
  { to: '/payouts', name: 'Payouts', icon: Banknote, only: 'viewPayouts' },
  { to: '/people', name: 'People', icon: Users, only: 'people' },
  { to: '/jobs', name: 'Jobs', icon: Cog, only: 'jobs' },
  { to: '/settings', name: 'Settings', icon: Settings, only: 'settings' },
];

/** A bottom bar with more of them cannot be pressed with a thumb. */
export const PLACES_IN_BAR = 4;
