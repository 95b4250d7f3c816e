/** `npx tsx dev/licenses.ts`: writes LICENSES.md from package-lock.json alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TARGET = `${ROOT}LICENSES.md`;

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      link: z.boolean().optional(),
      optional: z.boolean().optional(),
      os: z.array(z.string()).optional(),
    }),
  ),
});

export interface LockedPackage {
  name: string;
  version: string;
  /** From the package's manifest; empty if it names none. */
  license: string;
  /** Relative to the project's folder. */
  path: string;
  /** True for a package that `npm install --omit=dev` leaves out. */
  dev: boolean;
  /** An optional binary for one platform. Registries differ in which of them they offer. */
  forOnePlatform: boolean;
}

/** Packages whose manifest names no licence, with the one that their LICENSE file holds. */
const BY_FILE: Readonly<Record<string, string>> = { 'png-js': 'MIT' };

/** Files that are no packages. */
const FONTS = '## Bitstream Vera\n\nDejaVu Sans 2.37, cut down, in server/documents/fonts with its licence\n';
/** A binary for one platform, and under another licence than the package that loads it. */
const LIBVIPS = '## LGPL-3.0-or-later\n\nlibvips, in @img/sharp-libvips of the platform: linked, and not changed\n';

/** One entry for each installed copy. */
export function readLockedPackages(): LockedPackage[] {
  const { packages } = lockfile.parse(JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')));
  return Object.entries(packages).flatMap(([path, { version, license = '', dev, devOptional, link, optional, os }]) => {
    const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || version === undefined || link === true) return [];
    const forOnePlatform = optional === true && os !== undefined;
    return [
      {
        name,
        version,
        license: license || (BY_FILE[name] ?? ''),
        path,
        dev: dev === true || devOptional === true,
        forOnePlatform,
      },
    ];
  });
}

/** The text of LICENSES.md, without binaries for one platform: but for libvips, their package's licence covers them. */
export function renderLicenses(packages: readonly LockedPackage[]): string {
  const inProduction = packages.filter(({ dev, forOnePlatform }) => !dev && !forOnePlatform);
  const sections = [...groupByLicense(inProduction)]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([license, names]) => {
      const listed = [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en')).join(', ');
      return `## ${license}\n\n${listed}\n`;
    });
  return [
    '# Licences of what runs in production\n',
    'Made from package-lock.json by `npx tsx dev/licenses.ts`.\n',
    ...sections,
    LIBVIPS,
    FONTS,
  ].join('\n');
}

function groupByLicense(packages: readonly LockedPackage[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, version, license } of packages)
    groups.set(license, [...(groups.get(license) ?? []), `${name} ${version}`]);
  return groups;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, renderLicenses(readLockedPackages()));
