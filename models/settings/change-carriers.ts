import type { Database } from '../db/database.ts';
import { invalidInput } from '../errors.ts';
import { type Carrier, foldName } from '../fulfilment/tracking-link.ts';
import { changeSettings, readSettings, type SettingsResult } from './settings.ts';
import type { Settings } from './settings-document.ts';

export interface CarriersChange {
  /** The version of the settings that the staff member has seen. */
  version: number;
  carriers: readonly { name: string; trackingUrl?: string | undefined }[];
  /** The staff member's user id. */
  changedBy: string;
  now: Date;
}

/** Replaces the carriers and keeps the other settings. Throws INVALID_INPUT for a name that stands twice. */
export async function changeCarriers(
  db: Database,
  defaults: Settings,
  { version, carriers, changedBy, now }: CarriersChange,
): Promise<SettingsResult> {
  if (new Set(carriers.map(({ name }) => foldName(name))).size < carriers.length)
    throw invalidInput('carriers', 'must name each carrier once');
  const { _id, version: current, changedAt: _, changedBy: __, ...values } = await readSettings(db, defaults);
  if (current !== version) return { outcome: 'outdated', settings: await readSettings(db, defaults) };
  const wanted = carriers.map(
    ({ name, trackingUrl }): Carrier => ({ name, ...(trackingUrl === undefined ? {} : { trackingUrl }) }),
  );
  return changeSettings(db, defaults, { version, values: { ...values, carriers: wanted }, changedBy, now });
}
