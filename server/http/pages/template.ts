/** The built index.html, taken apart once, so that each page gets its own head, content and data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_DATA_ID, type FirstData } from '../../../models/contract/pages/first-data.ts';

export interface PageTemplate {
  /** Paths of its style sheets, for pages that are rendered without it. */
  styleSheets: readonly string[];
  /** `head`: tags; `body`: the content of #root; both as HTML. */
  fill(page: { head: string; body: string; data: FirstData }): string;
}

/** The parts of the head that each page has for itself. */
const OWN_TAGS = /<title>[^<]*<\/title>\s*|<meta name="(?:application-name|description)"[^>]*>\s*/gi;
const ROOT = /(<div id="root">)(<\/div>)/;

/** `folder` is that of a built storefront. Throws when it holds no index.html. */
export function readTemplate(folder: string): PageTemplate {
  const html = readFileSync(join(folder, 'index.html'), 'utf8').replace(OWN_TAGS, '');
  const links = html.match(/<link\b[^>]*rel="stylesheet"[^>]*>/gi) ?? [];
  return {
    styleSheets: links.flatMap((tag) => /href="([^"]+)"/.exec(tag)?.[1] ?? []),
    // Functions, because `$` in a replacement text has a meaning.
    fill({ head, body, data }) {
      const script = `<script type="application/json" id="${FIRST_DATA_ID}">${toJson(data)}</script>`;
      const filled = withHead(html, head);
      if (!ROOT.test(filled)) return filled;
      return filled.replace(ROOT, (_, open: string, close: string) => `${open}${body}${close}\n    ${script}`);
    },
  };
}

/** At the end of the head, or, in a page that marks none, after the doctype. */
function withHead(html: string, head: string): string {
  if (/<\/head>/i.test(html)) return html.replace(/<\/head>/i, () => `${head}\n  </head>`);
  return html.replace(/^(\s*<!doctype[^>]*>)?/i, (doctype) => `${doctype}${head}`);
}

/** Safe inside of a script element: the text can end neither the element nor begin a comment in it. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
