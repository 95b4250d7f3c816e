/**
 * Nothing more has come for so long, ms. Callers that were answered by one command so come together again at the next one.
 * A fixed time parts them, because reading their requests takes longer than it.
 */
const QUIET_MS = 2;
/** The longest wait, ms. */
const LONGEST_MS = 20;

/** Calls `then` when `count` has stayed the same for QUIET_MS, at latest after LONGEST_MS. */
export function whenQuiet(count: () => number, then: () => void): void {
  const callBy = performance.now() + LONGEST_MS;
  const look = (before: number) => {
    const now = count();
    if (now === before || performance.now() >= callBy) then();
    else setTimeout(look, QUIET_MS, now);
  };
  setTimeout(look, QUIET_MS, count());
}
