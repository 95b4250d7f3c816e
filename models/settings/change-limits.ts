import type { Database } from '../db/database.ts';
import { changePart, type SettingsChange, type SettingsResult } from './settings.ts';
import type { Settings } from './settings-document.ts';

export interface LimitsChange extends Omit<SettingsChange, 'values'> {
  /** Subunits of the order's currency; any sum when missing. */
  supportRefund?: number | undefined;
  /** Units; LOW_STOCK when missing. */
  lowStock?: number | undefined;
}

/** Replaces the limits and keeps the other settings. They hold from the next call. */
export async function changeLimits(
  db: Database,
  defaults: Settings,
  { supportRefund, lowStock, ...change }: LimitsChange,
): Promise<SettingsResult> {
  const limits = {
    ...(supportRefund === undefined ? {} : { supportRefund }),
    ...(lowStock === undefined ? {} : { lowStock }),
  };
  return changePart(db, defaults, change, (values) => ({ ...values, limits }));
}
