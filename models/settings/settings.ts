import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import type { Settings, SettingsValues } from './settings-document.ts';

/** The settings before their first change. */
export function defaultSettings({ shopName }: { shopName: string }): Settings {
  return { _id: 'settings', shopName, contact: {}, recipients: [], carriers: [], limits: {}, version: 0 };
}

/** Not cached: permissions and limits are decided on this. */
export async function readSettings(db: Database, defaults: Settings): Promise<Settings> {
  return (await driverCollection(db.settings).findOne({ _id: 'settings' }, READ_MAJORITY)) ?? defaults;
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
  const accepted = version === 0 ? await insertFirst(db, settings) : await replace(db, settings, version);
  if (accepted) return { outcome: 'changed', settings };
  return { outcome: 'outdated', settings: await readSettings(db, defaults) };
}

async function replace(db: Database, settings: Settings, version: number): Promise<boolean> {
  const { matchedCount } = await driverCollection(db.settings).replaceOne({ _id: 'settings', version }, settings);
  return matchedCount === 1;
}

async function insertFirst(db: Database, settings: Settings): Promise<boolean> {
  try {
    await driverCollection(db.settings).insertOne(settings);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
