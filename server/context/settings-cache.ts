import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import type { Clock } from '../../jobs/ports.ts';
import type { Database } from '../../models/db/database.ts';
import { readSettings } from '../../models/settings/settings.ts';
import type { Settings } from '../../models/settings/settings-document.ts';

/** A change is seen by every process after this time. */
const SETTINGS_TTL_MS = 5_000;

/** For what is shown, such as names and carriers. Permissions and limits are read by readSettings. */
export type ShownSettings = Omit<Settings, 'limits'>;

export function createSettingsCache(db: Database, defaults: Settings, clock: Clock): () => Promise<ShownSettings> {
  const reads = new SingleFlight<ShownSettings>(SETTINGS_TTL_MS, clock);
  return () =>
    reads.get('settings', async () => {
      const { limits: _, ...shown } = await readSettings(db, defaults);
      return shown;
    });
}
