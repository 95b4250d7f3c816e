import type { Database } from '../db/database.ts';
import { invalidInput } from '../errors.ts';
import { type Carrier, foldName } from '../fulfilment/tracking-link.ts';
import { changePart, type SettingsChange, type SettingsResult } from './settings.ts';
import type { Settings } from './settings-document.ts';

export interface CarriersChange extends Omit<SettingsChange, 'values'> {
  carriers: readonly { name: string; trackingUrl?: string | undefined }[];
}

/** Replaces the carriers and keeps the other settings. Throws INVALID_INPUT for a name that stands twice. */
export async function changeCarriers(
  db: Database,
  defaults: Settings,
  { carriers, ...change }: CarriersChange,
): Promise<SettingsResult> {
  if (new Set(carriers.map(({ name }) => foldName(name))).size < carriers.length)
    throw invalidInput('carriers', 'must name each carrier once');
  const wanted = carriers.map(
    ({ name, trackingUrl }): Carrier => ({ name, ...(trackingUrl === undefined ? {} : { trackingUrl }) }),
  );
  return changePart(db, defaults, change, (values) => ({ ...values, carriers: wanted }));
}
