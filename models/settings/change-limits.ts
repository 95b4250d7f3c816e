import type { Database } from '../db/database.ts';
import { changeSettings, readSettings, type SettingsChange, type SettingsResult } from './settings.ts';
import type { Settings } from './settings-document.ts';

export interface LimitsChange extends Omit<SettingsChange, 'values'> {
  /** Subunits of the order's currency; any sum when missing. */
  supportRefund?: number | undefined;
}

/** Replaces the limits and keeps the other settings. They hold from the next call. */
export async function changeLimits(
  db: Database,
  defaults: Settings,
  { supportRefund, ...change }: LimitsChange,
): Promise<SettingsResult> {
  const {
    _id,
    version: _,
    changedAt: __,
    changedBy: ___,
    roleChanges: ____,
    ...values
  } = await readSettings(db, defaults);
  const limits = supportRefund === undefined ? {} : { supportRefund };
  return changeSettings(db, defaults, { ...change, values: { ...values, limits } });
}
