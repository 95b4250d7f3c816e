/** Claims and versions: a late writer changes nothing of its successor. */
import type { Mutant } from '../mutant.ts';

const claims = { project: 'component', file: 'tests/component/attempt-claim.test.ts' };

export const CLAIM_MUTANTS: readonly Mutant[] = [
  {
    id: 'successor-claim-released',
    what: 'a slow call releases the claim of its successor',
    edits: [
      {
        file: 'models/checkout/payment-attempt.ts',
        find: 'if (!isClaimOf(attempt, by)) return null;',
        replace: 'if (attempt.claim === undefined || by === null) return null;',
      },
    ],
    caughtBy: { ...claims, testNamePattern: 'a slow call whose claim ran out releases no claim of its successor' },
  },
  {
    id: 'successor-attempt-abandoned',
    what: 'a slow call abandons the payment attempt that its successor has claimed',
    edits: [
      {
        file: 'models/checkout/payment-attempt.ts',
        find: "attempt.status !== 'created' || !isClaimOf(attempt, by)",
        replace: "attempt.status !== 'created' || by === null",
      },
    ],
    caughtBy: { ...claims, testNamePattern: 'does not abandon the attempt of its successor' },
  },
  {
    id: 'claim-from-begin-of-call',
    what: 'the first claim counts from the begin of the checkout',
    edits: [
      {
        file: 'models/checkout/place-order.ts',
        find: 'newClaim(input.claimant)',
        replace: 'newClaim({ ...input.claimant, clock: () => input.now })',
      },
    ],
    caughtBy: { ...claims, testNamePattern: 'a claim lasts its whole time from its write' },
  },
  {
    id: 'settings-without-version',
    what: 'a change of the settings does not check the version that was seen',
    edits: [
      {
        file: 'models/settings/settings.ts',
        find: "updateOne({ _id: 'settings', version }, [",
        replace: "updateOne({ _id: 'settings', version: { $gte: version } }, [",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/settings.test.ts',
      testNamePattern: 'a change of a version that is no longer the newest is refused',
    },
  },
];
