/** Sitemaps by the protocol of sitemaps.org. Pure. */
import { escapeHtml } from '../../email/templates/plain-text.ts';

/** The most addresses in one file. Source: sitemaps.org, "Sitemap file". */
const MAX_ADDRESSES = 50_000;

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** The files by their paths: one for all addresses, or an index of as many as they need. `site` has no slash at its end. */
export function writeSitemaps(
  site: string,
  paths: readonly string[],
  perFile: number = MAX_ADDRESSES,
): ReadonlyMap<string, string> {
  if (paths.length <= perFile) return new Map([['/sitemap.xml', toFile(site, paths)]]);
  const parts = Array.from({ length: Math.ceil(paths.length / perFile) }, (_, index) => {
    const part = paths.slice(index * perFile, (index + 1) * perFile);
    return [`/sitemap-${index + 1}.xml`, toFile(site, part)] as const;
  });
  const index = parts.map(([path]) => `<sitemap><loc>${escapeHtml(site + path)}</loc></sitemap>`);
  const lines = [HEAD, `<sitemapindex ${NAMESPACE}>`, ...index, '</sitemapindex>', ''];
  return new Map([['/sitemap.xml', lines.join('\n')], ...parts]);
}

function toFile(site: string, paths: readonly string[]): string {
  const addresses = paths.map((path) => `<url><loc>${escapeHtml(site + path)}</loc></url>`);
  return [HEAD, `<urlset ${NAMESPACE}>`, ...addresses, '</urlset>', ''].join('\n');
}
