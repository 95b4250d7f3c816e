/**
 * `npm run test:mutants` puts each mutant into a copy of the tree and checks that its tests fail. `--only ID` selects mutants
 * and may be repeated; `--why` prints the message of the failed test. Exits with 1 unless every mutant was caught.
 */
import { parseArgs } from 'node:util';
import { startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { copyTree } from './copy-tree.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { reportAll, reportOne } from './report.ts';
import { type Baselines, type Outcome, tryMutant } from './run-mutant.ts';

/** Mutants tried at once, each in its own copy of the tree. */
const CONCURRENCY = 2;

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, why: { type: 'boolean' } } });
  const chosen = values.only ? MUTANTS.filter(({ id }) => values.only?.includes(id)) : MUTANTS;
  if (chosen.length === 0) throw new Error(`there is no mutant ${values.only?.join(', ')}`);
  const mongo = await startEmbeddedMongo({ dbPath: 'ephemeral' });
  try {
    return reportAll(await tryAll(chosen, mongo.uri, values.why === true), chosen.length);
  } finally {
    await mongo.stop();
  }
}

/** Returns the outcomes in the order of `mutants`. */
async function tryAll(mutants: readonly Mutant[], mongodbUri: string, why: boolean): Promise<Outcome[]> {
  const baselines: Baselines = new Map();
  const outcomes = new Map<Mutant, Outcome>();
  const left = [...mutants];
  // After a signal no further mutant is started, and the copies are removed.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => left.splice(0));
  const work = async () => {
    const copy = await copyTree(process.cwd());
    try {
      for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
        const outcome = await tryMutant({ copy, mongodbUri, mutants, baselines }, mutant);
        outcomes.set(mutant, outcome);
        reportOne(outcome, why);
      }
    } finally {
      await copy.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, mutants.length) }, work));
  return [...outcomes.values()].sort((a, b) => mutants.indexOf(a.mutant) - mutants.indexOf(b.mutant));
}

process.exitCode = (await main()) ? 0 : 1;
