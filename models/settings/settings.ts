import { LOW_STOCK } from '../contract/limits.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import type { Settings, SettingsValues } from './settings-document.ts';

/** The settings before their first change. */
export function defaultSettings({ shopName, replyTo }: { shopName: string; replyTo?: string | null }): Settings {
  const replies = replyTo ? { replyTo } : {};
  return { _id: 'settings', shopName, ...replies, contact: {}, recipients: [], carriers: [], limits: {}, version: 0 };
}

/** Not cached: permissions and limits are decided on this. */
export async function readSettings(db: Database, defaults: Settings): Promise<Settings> {
  const stored = await driverCollection(db.settings).findOne({ _id: 'settings', version: { $gt: 0 } }, READ_MAJORITY);
  return stored ?? defaults;
}

/** A variant with at most so many units free to sell has a low stock. Not cached. */
export async function readLowStock(db: Database): Promise<number> {
  const stored = await driverCollection(db.settings).findOne(
    { _id: 'settings' },
    { ...READ_MAJORITY, projection: { 'limits.lowStock': 1 } },
  );
  return stored?.limits?.lowStock ?? LOW_STOCK;
}

/** The sum that support may give back on one order, in subunits of its currency; undefined for any sum. Not cached. */
export async function readSupportRefundLimit(db: Database): Promise<number | undefined> {
  const stored = await driverCollection(db.settings).findOne(
    { _id: 'settings' },
    { ...READ_MAJORITY, projection: { 'limits.supportRefund': 1 } },
  );
  return stored?.limits?.supportRefund;
}

export interface SettingsChange {
  /** The version that the staff member has seen. */
  version: number;
  values: SettingsValues;
  /** The staff member's user id. */
  changedBy: string;
  now: Date;
}

/** `outdated`: another change came first, and `settings` are as they are now. */
export interface SettingsResult {
  outcome: 'changed' | 'outdated';
  settings: Settings;
}

/**
 * Replaces all values under a compare-and-set on the version. May be raced: of the changes of one version one is accepted.
 * The database refuses values that its validator does not allow.
 */
export async function changeSettings(
  db: Database,
  defaults: Settings,
  { version, values, changedBy, now }: SettingsChange,
): Promise<SettingsResult> {
  const settings: Settings = { ...values, _id: 'settings', version: version + 1, changedAt: now, changedBy };
  if (version === 0) await ensureSettings(db);
  if (await replace(db, settings, version)) return { outcome: 'changed', settings };
  return { outcome: 'outdated', settings: await readSettings(db, defaults) };
}

/** Changes some of the values and keeps the others, as changeSettings does. `change` gets the values of that version. */
export async function changePart(
  db: Database,
  defaults: Settings,
  { version, ...by }: Omit<SettingsChange, 'values'>,
  change: (values: SettingsValues) => SettingsValues,
): Promise<SettingsResult> {
  const settings = await readSettings(db, defaults);
  if (settings.version !== version) return { outcome: 'outdated', settings };
  const { _id, version: _, changedAt: __, changedBy: ___, roleChanges: ____, ...values } = settings;
  return changeSettings(db, defaults, { version, ...by, values: change(values) });
}

async function replace(db: Database, settings: Settings, version: number): Promise<boolean> {
  // $literal, because a value may begin with `$`.
  const values = { $mergeObjects: [{ $literal: settings }, { roleChanges: '$roleChanges' }] };
  const { matchedCount } = await driverCollection(db.settings).updateOne({ _id: 'settings', version }, [
    { $replaceWith: values },
  ]);
  return matchedCount === 1;
}

/** Makes the document of version 0 where there is none. May be raced. */
export async function ensureSettings(db: Database): Promise<void> {
  try {
    await driverCollection(db.settings).updateOne(
      { _id: 'settings' },
      { $setOnInsert: { version: 0 } },
      { upsert: true },
    );
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
