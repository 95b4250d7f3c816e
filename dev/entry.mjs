/**
 * Checks the version of Node, then runs the TypeScript file of its first argument in this process. It uses old syntax
 * only, so that an old Node can parse it and print the version that is needed.
 */
import { readFileSync } from 'node:fs';

const needed = /(\d+)\.(\d+)/.exec(JSON.parse(readFileSync(new URL('../package.json', import.meta.url))).engines.node);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < Number(needed[1]) || (major === Number(needed[1]) && minor < Number(needed[2]))) {
  console.error(
    'Node ' +
      process.versions.node +
      ' is too old: this program needs Node ' +
      needed[0] +
      ' or later (https://nodejs.org).',
  );
  process.exit(1);
}

// A static import would fail on an old Node before the version check.
import('tsx/esm/api')
  .then(({ register }) => {
    register();
    return import(new URL(process.argv[2], import.meta.url).href);
  })
  .catch((error) => {
    const missing = error.code === 'ERR_MODULE_NOT_FOUND' && /node_modules|'tsx'/.test(error.message);
    console.error(missing ? 'The packages are not installed: run `npm install` first.' : error);
    process.exit(1);
  });
