/** How many random cases a property test tries, and with which seed. */

/** Each run has another seed. PROPERTY_RUNS=20000 tries more cases. */
export function randomRuns(usual: number): { readonly numRuns: number } {
  return { numRuns: process.env.PROPERTY_RUNS === undefined ? usual : Number(process.env.PROPERTY_RUNS) };
}

/** The same cases each time: for what a generator must be able to reach, which another seed could miss by chance. */
export function sameRuns(numRuns: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns, seed: 20_261_128 };
}
