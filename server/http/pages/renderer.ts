/** Loads the renderer that the storefront's build puts into a hidden folder. A storefront without one renders in the browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { FirstData } from '../../../models/contract/pages/first-data.ts';

/** The content of #root as HTML; empty if it cannot be rendered. `address`: path and query. */
export type Render = (address: string, data: FirstData) => Promise<string>;

const RENDERER = '.server/server.js';
/** Pages of some 10 kB, with their data as the key. */
const MAX_KEPT = 300;

export function createRenderer(folder: string, log: Logger): Render {
  const file = join(folder, RENDERER);
  if (!existsSync(file)) return async () => '';
  const loaded = import(pathToFileURL(file).href).then(toRender);
  loaded.catch((err: unknown) => log.error({ err }, 'the storefront’s renderer cannot be loaded'));
  const kept = new LRUCache<string, string>({ max: MAX_KEPT });
  return async (address, data) => {
    // The result depends on nothing else.
    const key = `${address}\n${JSON.stringify(data)}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    try {
      const html = (await loaded)(address, data);
      kept.set(key, html);
      return html;
    } catch (err) {
      log.error({ err }, 'a page could not be rendered; browsers render it');
      return '';
    }
  };
}

function toRender(module: unknown): (address: string, data: FirstData) => string {
  if (typeof module === 'object' && module !== null && 'render' in module && typeof module.render === 'function')
    return module.render as (address: string, data: FirstData) => string;
  throw new Error(`${RENDERER} exports no function named render`);
}
