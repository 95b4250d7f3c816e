/** `npm run docs`: writes the generated tables into docs/. */
import { generatedBlocks, writeBlock } from './generated-blocks.ts';

for (const block of generatedBlocks()) {
  writeBlock(block);
  console.log(`${block.file}: ${block.name}`);
}
