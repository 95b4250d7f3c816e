/** Links that come by email, passwords and the list of sessions. */
import type { Mutant } from '../mutant.ts';

const accounts = { project: 'component', file: 'tests/component/accounts.test.ts' } as const;
const secrets = { project: 'unit', file: 'tests/unit/account-secrets.test.ts' } as const;

export const ACCOUNT_MUTANTS: readonly Mutant[] = [
  {
    id: 'link-used-twice',
    what: 'a link for a new password works as often as it is opened',
    edits: [
      {
        file: 'models/accounts/links/take-link.ts',
        find: 'return { purpose, usedAt: { $exists: false }, expiresAt: { $gt: now } };',
        replace: 'return { purpose, expiresAt: { $gt: now } };',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'fifty who use a link at once set one password' },
  },
  {
    id: 'link-without-end',
    what: 'a link for a new password works for ever',
    edits: [
      {
        file: 'models/accounts/links/take-link.ts',
        find: 'return { purpose, usedAt: { $exists: false }, expiresAt: { $gt: now } };',
        replace: 'return { purpose, usedAt: { $exists: false } };',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'a link that is too old' },
  },
  {
    id: 'link-of-any-purpose',
    what: 'the token of a link for a new password serves for any other purpose',
    edits: [
      { file: 'server/auth/one-time-tokens.ts', find: '.update(`${purpose}\\n${linkId}`)', replace: '.update(linkId)' },
    ],
    caughtBy: { ...secrets, testNamePattern: 'gives its id back, for its own purpose and secret alone' },
  },
  {
    id: 'older-link-lives-on',
    what: 'a new password leaves other links for a new password as they were',
    edits: [
      {
        file: 'models/accounts/set-password.ts',
        find: "  await revokeLinks(db, user._id, 'reset_password', { now, session });\n",
        replace: '',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'is sent once a minute, by the same link' },
  },
  {
    id: 'password-change-keeps-sessions',
    what: 'a new password leaves a stolen session alive',
    edits: [
      {
        file: 'models/accounts/set-password.ts',
        find: "          sessionsFrom: { $add: [{ $max: ['$sessionsFrom', now] }, 1] },\n",
        replace: '',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'a link sets a new one, signs in, ends every session' },
  },
  {
    id: 'account-shown-by-time',
    what: 'a forgotten password is answered later if there is an account',
    edits: [
      {
        file: 'server/trpc/routers/accounts/links.ts',
        find: 'app.lateWork.begin(() => queueLinkTo(app, email).catch((err) => logLost(app, err)));',
        replace: 'await queueLinkTo(app, email).catch((err) => logLost(app, err));',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'is answered alike' },
  },
  {
    id: 'inbox-filled',
    what: 'anybody can fill an inbox with links',
    edits: [
      {
        file: 'models/accounts/links/send-link.ts',
        find: '{ _id: userId, ...WANTED[purpose], [sentAt]: isLongAgo }',
        replace: '{ _id: userId, ...WANTED[purpose] }',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'is sent once a minute, by the same link' },
  },
  {
    id: 'password-as-typed',
    what: 'a password opens only by the keyboard that it was set with',
    edits: [
      {
        file: 'server/auth/passwords.ts',
        find: "hash(password.normalize('NFKC'), PARAMETERS)",
        replace: 'hash(password, PARAMETERS)',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'with other letters opens however they are sent' },
  },
  {
    id: 'common-password-taken',
    what: 'the most common passwords are taken',
    edits: [
      {
        file: 'server/auth/guessable-passwords.ts',
        find: 'if (score < LEAST_SCORE) throw',
        replace: 'if (score < 0) throw',
      },
    ],
    caughtBy: { ...secrets, testNamePattern: 'the list has far more than three thousand passwords' },
  },
  {
    id: 'common-word-with-a-year-taken',
    what: 'a common password with a capital, a year and a sign is taken',
    edits: [
      {
        file: 'server/auth/guessable-passwords.ts',
        find: 'if (isListed && inside.score < LEAST_SCORE)',
        replace: 'if (isListed && inside.score < 0)',
      },
    ],
    caughtBy: { ...secrets, testNamePattern: 'Chelsea2024!' },
  },
  {
    id: 'session-of-another-ended',
    what: "anybody ends anybody's session by its id",
    edits: [
      {
        file: 'server/trpc/routers/accounts/account.ts',
        find: "if (!(await isSessionOf(app.db, user._id, id))) throw notFound('Session');\n",
        replace: '',
      },
    ],
    caughtBy: { ...accounts, testNamePattern: 'are listed with their devices' },
  },
  {
    id: 'links-unlimited',
    what: 'one address asks for links without a limit',
    edits: [
      {
        file: 'server/trpc/routers/accounts/links.ts',
        find: '      await app.limits.countLink({ ip });\n',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/shared-sign-in-limits.test.ts',
      testNamePattern: 'links for a new password that are asked for',
    },
  },
  {
    id: 'address-forgotten',
    what: 'the address of an order is not offered at the next checkout',
    edits: [
      {
        file: 'server/trpc/routers/orders.ts',
        find: 'const keeping = keepAddress(ctx, shippingAddress);',
        replace: 'const keeping = Promise.resolve(keepAddress);',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/checkout.test.ts',
      testNamePattern: 'is stored by its country’s rules',
    },
  },
];
