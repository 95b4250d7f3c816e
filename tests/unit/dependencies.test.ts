/** Dependencies are pinned, have no known advisory, and are under licences that require attribution only. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readLockedPackages, renderLicenses } from '../../dev/licenses.ts';

const manifest = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    overrides: z.record(z.string(), z.unknown()),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

const locked = readLockedPackages();
const inProduction = locked.filter(({ dev }) => !dev);

/** Negative if a is older. Releases only, `1.2.3`. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let place = 0; place < 3; place += 1) {
    const difference = (left?.[place] ?? 0) - (right?.[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

test('every dependency is pinned to one version', () => {
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('what is installed is what is locked', () => {
  const differing = inProduction.filter(({ path, version }) => ![version, null].includes(installedVersion(path)));
  expect(differing.map(({ name }) => name)).toEqual([]);
});

/** Null for packages that are not installed, such as optional ones of other platforms. */
function installedVersion(path: string): string | null {
  try {
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(`${path}/package.json`, 'utf8'))).version;
  } catch {
    return null;
  }
}

/** The first version without the advisory. Some packages list one per installed release line. */
const FIXED: [name: string, major: number, version: string, advisory: string][] = [
  ['tough-cookie', 4, '4.1.3', 'CVE-2023-26136'],
  ['form-data', 2, '2.5.4', 'CVE-2025-7783'],
  ['form-data', 4, '4.0.4', 'CVE-2025-7783'],
  ['qs', 6, '6.14.1', 'CVE-2025-15284'],
  ['json-schema', 0, '0.4.0', 'CVE-2021-3918'],
  ['ajv', 6, '6.12.3', 'CVE-2020-15366'],
  ['lodash', 4, '4.17.21', 'CVE-2021-23337'],
  ['axios', 1, '1.12.0', 'CVE-2025-58754'],
  ['follow-redirects', 1, '1.15.6', 'CVE-2024-28849'],
  ['body-parser', 2, '2.2.1', 'CVE-2025-13466'],
  ['path-to-regexp', 8, '8.0.0', 'CVE-2024-45296'],
  ['cookie', 0, '0.7.0', 'CVE-2024-47764'],
  ['send', 1, '1.1.0', 'CVE-2024-43799'],
  ['serve-static', 2, '2.1.0', 'CVE-2024-43800'],
  ['on-headers', 1, '1.1.0', 'CVE-2025-7339'],
  ['jose', 6, '4.15.5', 'CVE-2024-28176'],
  ['mongoose', 9, '8.9.5', 'CVE-2025-23061'],
];

describe('fixed advisories', () => {
  test.each([...new Set(FIXED.map(([name]) => name))])('no copy of %s is older than the fix', (name) => {
    const copies = inProduction.filter((one) => one.name === name);
    expect(copies.length).toBeGreaterThan(0);
    for (const { version, path } of copies) {
      const major = Number(version.split('.')[0]);
      const fix = FIXED.find((row) => row[0] === name && row[1] === major);
      // The table has no entry for this release line, so its advisories were not reviewed.
      expect([path, fix === undefined ? 'not judged' : compareVersions(version, fix[2]) >= 0]).toEqual([path, true]);
    }
  });
});

describe('the overrides are in force where it matters: below the package that speaks to Paystack', () => {
  test.each([
    ['request', 'tough-cookie', '4.1.3'],
    ['request', 'form-data', '2.5.4'],
    ['request', 'qs', '6.14.1'],
    ['request-promise', 'tough-cookie', '4.1.3'],
  ])('%s finds a fixed %s', (parent, name, least) => {
    const from = createRequire(createRequire(import.meta.url).resolve(`${parent}/package.json`));
    const { version } = z.object({ version: z.string() }).parse(from(`${name}/package.json`));
    expect(compareVersions(version, least)).toBeGreaterThanOrEqual(0);
    expect(manifest.overrides).toHaveProperty([parent, name]);
  });

  test('there is one driver of MongoDB, one TypeScript and one tRPC', () => {
    for (const name of ['mongodb', 'typescript', '@trpc/server', '@trpc/client', 'zod'])
      expect([name, locked.filter((one) => one.name === name).length]).toEqual([name, 1]);
  });
});

/** These licences require attribution and nothing else. One of a choice must be of them, and all that hold together. */
const PERMISSIVE = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
];

/** sharp's builds of libvips, or of both together. */
const isLinked = (name: string) => /^@img\/sharp-(libvips-)?[\w-]+$/.test(name);

describe('licences', () => {
  test('of production are permissive; only the library that decodes pictures, which is linked and not changed, is LGPL', () => {
    const isPermissive = (license: string) =>
      license
        .replace(/[()]/g, '')
        .split(' OR ')
        .some((choice) => choice.split(' AND ').every((one) => PERMISSIVE.includes(one)));
    const others = inProduction.filter(({ license }) => !isPermissive(license));
    expect(others.filter(({ name, license }) => !(isLinked(name) && /\bLGPL-3\.0-or-later\b/.test(license)))).toEqual(
      [],
    );
  });

  test('are listed in LICENSES.md as they are locked', () => {
    expect(readFileSync('LICENSES.md', 'utf8')).toBe(renderLicenses(locked));
  });
});
