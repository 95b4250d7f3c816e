/**
 * What `npm start` and `npm run demo` run: plain JavaScript of an old kind, so that a Node that is too old for the rest
 * still reads it and says so in one sentence. Then it runs the TypeScript file that the command names, in this process.
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

// Not imported above: an old Node would fail on it before it could say the sentence.
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
