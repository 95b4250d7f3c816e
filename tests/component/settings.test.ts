/** The settings document: changed under its version, valid, and read from a cache only where nothing is decided on it. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '../../models/db/database.ts';
import { changeSettings, defaultSettings, readSettings } from '../../models/settings/settings.ts';
import type { SettingsValues } from '../../models/settings/settings-document.ts';
import { createSettingsCache } from '../../server/context/settings-cache.ts';
import { openOwnDatabase } from '../support/orders.ts';
import { fakeClock } from '../support/test-app.ts';

const now = new Date('2026-03-01T10:00:00Z');
const DEFAULTS = defaultSettings({ shopName: 'By configuration' });
const VALUES: SettingsValues = {
  shopName: 'Ada’s Shop',
  contact: { email: 'shop@example.com' },
  recipients: ['staff@example.com'],
  carriers: [{ name: 'GIG Logistics' }],
  limits: { supportRefund: 500_000 },
};

let db: Database;
beforeEach(async () => {
  db = await openOwnDatabase();
});
afterEach(() => db.connection.close());

const change = (version: number, values: Partial<SettingsValues> = {}) =>
  changeSettings(db, DEFAULTS, { version, values: { ...VALUES, ...values }, changedBy: 'staff-1', now });

test('before the first change the values of the configuration hold; after it the stored ones', async () => {
  expect(await readSettings(db, DEFAULTS)).toEqual({ ...DEFAULTS, version: 0, shopName: 'By configuration' });
  const stored = { _id: 'settings', ...VALUES, version: 1, changedAt: now, changedBy: 'staff-1' };
  expect(await change(0)).toEqual({ outcome: 'changed', settings: stored });
  expect(await readSettings(db, DEFAULTS)).toEqual(stored);
});

test('a change of a version that is no longer the newest is refused with the settings as they are', async () => {
  await change(0);
  const { settings } = await change(1, { shopName: 'Second' });
  expect(await change(1, { shopName: 'Too late' })).toEqual({ outcome: 'outdated', settings });
  expect(await change(0, { shopName: 'Too late' })).toEqual({ outcome: 'outdated', settings });
  expect(await readSettings(db, DEFAULTS)).toEqual(settings);
});

test('of twenty writers at once each change is kept, and each raises the version by one', async () => {
  const versions = await Promise.all(
    Array.from({ length: 20 }, async (_, writer) => {
      for (;;) {
        const { version, recipients, ...rest } = await readSettings(db, DEFAULTS);
        const values = { ...VALUES, ...rest, recipients: [...recipients, `writer-${writer}@example.com`] };
        const { shopName, contact, carriers, limits } = values;
        const changed = await change(version, { shopName, contact, carriers, limits, recipients: values.recipients });
        if (changed.outcome === 'changed') return changed.settings.version;
      }
    }),
  );
  expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  const { version, recipients } = await readSettings(db, DEFAULTS);
  expect(version).toBe(20);
  expect(new Set(recipients).size).toBe(20);
});

test.each<[string, Partial<SettingsValues>]>([
  ['a negative limit', { limits: { supportRefund: -1 } }],
  ['a limit with a fraction', { limits: { supportRefund: 0.5 } }],
  ['an empty name', { shopName: '' }],
  ['too many recipients', { recipients: Array.from({ length: 21 }, (_, n) => `${n}@example.com`) }],
])('the database refuses %s', async (_what, values) => {
  await expect(change(0, values)).rejects.toThrow('Document failed validation');
  expect((await readSettings(db, DEFAULTS)).version).toBe(0);
});

test('what is shown may be five seconds old, and holds no limits; a direct read is fresh', async () => {
  const clock = fakeClock();
  const shown = createSettingsCache(db, DEFAULTS, clock);
  expect(await shown()).toMatchObject({ shopName: 'By configuration' });
  expect(await shown()).not.toHaveProperty('limits');
  await change(0);
  clock.advance(4_999);
  expect((await shown()).shopName).toBe('By configuration');
  expect((await readSettings(db, DEFAULTS)).limits).toEqual(VALUES.limits);
  clock.advance(1);
  expect((await shown()).shopName).toBe(VALUES.shopName);
});
