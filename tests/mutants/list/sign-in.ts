/** Guesses of passwords: where they are counted, for how long, and what is kept of them. */
import type { Mutant } from '../mutant.ts';

const limits = 'server/auth/sign-in-limits.ts';
const shared = { project: 'trouble', file: 'tests/trouble/shared-sign-in-limits.test.ts' };

export const SIGN_IN_MUTANTS: readonly Mutant[] = [
  {
    id: 'state-not-compared',
    what: 'another site signs a visitor in with an account of its choice',
    edits: [
      {
        file: 'client-sdk/parts/data/issuer-return.ts',
        find: 'address, begun.state)',
        replace: 'address, oauth.skipStateCheck)',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/issuer-return.test.ts',
      testNamePattern: 'is refused before the code is sent',
    },
  },
  {
    id: 'guessing-undisturbed',
    what: 'failed sign-ins are not limited',
    edits: [
      {
        file: limits,
        find: 'counts = [await failures.countOrRefuse(',
        replace: 'counts = [await failures.countSlowly(',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/auth.test.ts',
      testNamePattern: 'failures from one address are refused after the limit',
    },
  },
  {
    id: 'limits-per-process',
    what: 'each process counts sign-ins in its own memory',
    edits: [{ file: limits, find: 'limiter: stored,', replace: 'limiter: new RateLimiterMemory(options),' }],
    caughtBy: { ...shared, testNamePattern: 'failed sign-ins at one server count at the other' },
  },
  {
    id: 'success-counted',
    what: 'a sign-in with the right password counts as a failure',
    edits: [{ file: limits, find: 'failed = result === null;', replace: 'failed = true;' }],
    caughtBy: {
      project: 'regression',
      file: 'tests/regression/staff.test.ts',
      testNamePattern: 'sign-ins with the right password are not limited',
    },
  },
  {
    id: 'refusal-counted',
    what: 'refused sign-ins keep an address refused after others succeeded',
    edits: [{ file: limits, find: 'await this.giveBack(countOf(key, refusal));', replace: '' }],
    caughtBy: { ...shared, testNamePattern: 'refused sign-ins do not count' },
  },
  {
    id: 'store-failure-refuses',
    what: 'nobody signs in while MongoDB cannot count',
    edits: [{ file: limits, find: 'insuranceLimiter: new MemoryInsurance(options, log),', replace: '' }],
    caughtBy: { ...shared, testNamePattern: 'sign-ins go on while MongoDB cannot count' },
  },
  {
    id: 'email-stored-as-key',
    what: 'the counts of sign-ins hold emails and addresses in clear text',
    edits: [{ file: limits, find: "createHash('sha256').update(text).digest('hex')", replace: 'text' }],
    caughtBy: { ...shared, testNamePattern: 'the stored counts hold no email and no address' },
  },
  {
    id: 'password-kept-as-key',
    what: 'the memory keeps the passwords that Agendash accepted',
    edits: [
      {
        file: 'server/auth/accepted-passwords.ts',
        find: "createHmac('sha256', this.#secret).update(`${passwordHash}\\n${password}`).digest('hex')",
        replace: '`${passwordHash}\\n${password}`',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/accepted-passwords.test.ts',
      testNamePattern: 'the keys hold neither the password nor the hash',
    },
  },
];
