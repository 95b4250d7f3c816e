/**
 * Serves a built storefront from a folder. Browsers cache hashed assets for ever and revalidate the page on each visit. Each
 * page outside the API is index.html with its own head, and as far as possible with its content.
 */
import { createHash } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import type { AppContext } from '../../context/app-context.ts';
import { builtFiles } from './built-files.ts';
import { renderHead } from './head.ts';
import { type PageTools, readPageContent } from './page-content.ts';
import { acceptsPage, isApi } from './page-request.ts';
import { createRenderer } from './renderer.ts';
import { siteFiles } from './site-files.ts';
import { type PageTemplate, readTemplate } from './template.ts';
import { themeRoutes } from './theme.ts';

export interface Storefront {
  folder: string;
  template: PageTemplate;
}

/** Reads what does not change while the process runs. Throws without an index.html. */
export function openStorefront(folder: string): Storefront {
  return { folder, template: readTemplate(folder) };
}

export function storefrontRoutes(ctx: AppContext, storefront: Storefront, tools: PageTools): Router {
  const routes = Router({ caseSensitive: true });
  const files = serveFiles(storefront.folder);
  routes.use((req, res, next) => (isApi(req.path) || req.path === '/' ? next() : files(req, res, next)));
  routes.use(siteFiles(ctx));
  routes.use(themeRoutes());
  routes.use(servePages(ctx, storefront, tools));
  return routes;
}

/** Without the page, which is filled in first. */
function serveFiles(folder: string): RequestHandler {
  const serve = builtFiles(folder);
  return (req, res, next) => (req.path === '/index.html' ? res.redirect(301, '/') : serve(req, res, next));
}

function servePages(ctx: AppContext, { folder, template }: Storefront, tools: PageTools): RequestHandler {
  const render = createRenderer(folder, ctx.log);
  const { storefrontUrl } = ctx.config;
  return async (req, res, next) => {
    if (!acceptsPage(req)) return next();
    res.vary('Accept');
    const content = await readPageContent(req, tools);
    // The deadline has sent its own reply.
    if (res.headersSent) return;
    if ('redirect' in content) {
      res.set('cache-control', 'no-cache').redirect(content.redirect.status, content.redirect.to);
      return;
    }
    const { status, data, isAlikeForAll, shop } = content;
    if (content.status === 503) res.setHeader('retry-after', content.retryAfterSeconds);
    const body = await render(req.originalUrl, data);
    const html = template.fill({ head: renderHead(content.head, { shop, storefrontUrl }), body, data });
    res.status(status).type('html');
    res.setHeader('cache-control', isAlikeForAll ? 'no-cache' : 'no-store');
    if (isAlikeForAll && status === 200) {
      // Weak, because compression does not change the content.
      res.setHeader('etag', `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 27)}"`);
      if (req.fresh) {
        res.status(304).end();
        return;
      }
    }
    res.send(html);
  };
}
