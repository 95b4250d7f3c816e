import { touchOrders } from './2026-11-28-touch-orders.ts';
import type { Migration } from './migration.ts';

/** Every migration of this release line, the oldest first. Nothing is removed: a database may have stood still for years. */
export const MIGRATIONS: readonly Migration[] = [touchOrders];
