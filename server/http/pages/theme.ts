/** The style sheet that replaces the pages' own accent by the shop's. A file, because pages allow no style in their HTML. */
import { Router } from 'express';
import { notFound } from '../../../models/errors.ts';
import { type Accent, shopColours } from '../../../models/settings/shop-colour.ts';

export function themeRoutes(): Router {
  const routes = Router({ caseSensitive: true });
  routes.get('/theme/:file', (req, res) => {
    const digits = /^([0-9a-f]{6})\.css$/.exec(req.params.file)?.[1];
    if (digits === undefined) throw notFound('Page');
    res
      .type('css')
      .set('cache-control', 'public, max-age=31536000, immutable')
      .send(styleSheet(`#${digits}`));
  });
  return routes;
}

function styleSheet(colour: string): string {
  const { light, dark } = shopColours(colour);
  return `@media not print {
:root { ${variables(light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(dark)} } }
}
`;
}

function variables({ accent, strong, soft, on }: Accent): string {
  return `--accent: ${accent}; --accent-strong: ${strong}; --accent-soft: ${soft}; --on-accent: ${on};`;
}
