/**
 * npm run test:planted: plants each known bug in a copy of the tree and shows that the tests notice. Two at a time, one
 * MongoDB for all. `--only ID` (may be repeated) tries one, `--why` shows the words of the test that failed. Exit 0 when
 * every plant was caught, else 1.
 */
import { parseArgs } from 'node:util';
import { startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { copyTree } from './copy-tree.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { reportAll, reportOne } from './report.ts';
import { type Baselines, type Outcome, tryMutant } from './run-mutant.ts';

/** Each in a copy of its own. */
const LANES = 2;

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, why: { type: 'boolean' } } });
  const chosen = values.only ? MUTANTS.filter(({ id }) => values.only?.includes(id)) : MUTANTS;
  if (chosen.length === 0) throw new Error(`there is no plant ${values.only?.join(', ')}`);
  const mongo = await startEmbeddedMongo({ dbPath: 'ephemeral' });
  try {
    return reportAll(await tryAll(chosen, mongo.uri, values.why === true), chosen.length);
  } finally {
    await mongo.stop();
  }
}

/** In the order given, whoever ended first. */
async function tryAll(plants: readonly Mutant[], mongodbUri: string, why: boolean): Promise<Outcome[]> {
  const baselines: Baselines = new Map();
  const outcomes = new Map<Mutant, Outcome>();
  const left = [...plants];
  // Whoever is interrupted begins nothing more, and leaves nothing behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => left.splice(0));
  const lane = async () => {
    const copy = await copyTree(process.cwd());
    try {
      for (let plant = left.shift(); plant !== undefined; plant = left.shift()) {
        const outcome = await tryMutant({ copy, mongodbUri, plants, baselines }, plant);
        outcomes.set(plant, outcome);
        reportOne(outcome, why);
      }
    } finally {
      await copy.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, plants.length) }, lane));
  return [...outcomes.values()].sort((a, b) => plants.indexOf(a.mutant) - plants.indexOf(b.mutant));
}

process.exitCode = (await main()) ? 0 : 1;
