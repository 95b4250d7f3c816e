import { build, type Plugin } from 'vite';

/**
 * Puts the code of `entry` into the page's HTML, before the style sheet: a script after one waits for it. The server allows it
 * by its hash.
 */
export function inlinedScript(entry: string): Plugin {
  return {
    name: 'inlined-script',
    apply: 'build',
    transformIndexHtml: {
      // Vite adds the style sheet afterwards.
      order: 'pre',
      handler: async () => [{ tag: 'script', children: await bundle(entry), injectTo: 'head' }],
    },
  };
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      lib: { entry, formats: ['iife'], name: 'first', fileName: 'first' },
    },
  });
  const chunks = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [chunk, ...others] = chunks;
  if (chunk?.type !== 'chunk' || others.length > 0) throw new Error(`${entry} is not one file`);
  if (chunk.code.includes('</script')) throw new Error(`${entry} would end its script element`);
  return chunk.code.trim();
}
