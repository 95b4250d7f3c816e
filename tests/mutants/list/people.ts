/** Roles, permissions and sessions: a door that is open, sessions that outlive their end, a shop without an owner. */
import type { Mutant } from '../mutant.ts';

const doors = { project: 'component', file: 'tests/component/authorization.test.ts' };
const people = { project: 'component', file: 'tests/component/people.test.ts' };
const limit = { project: 'unit', file: 'tests/unit/refund-limit.test.ts' };
const times = { project: 'unit', file: 'tests/unit/session-times.test.ts' };

export const PEOPLE_MUTANTS: readonly Mutant[] = [
  {
    id: 'state-of-another-country',
    what: 'an address in another country keeps the state of the one before',
    edits: [
      {
        file: 'client-sdk/parts/data/state-of-country.ts',
        find: "country === initial.country ? (initial.state ?? '') : ''",
        replace: "initial.state ?? ''",
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/state-of-country.test.ts',
      testNamePattern: 'another country begins without one',
    },
  },
  {
    id: 'fault-of-another-country',
    what: 'a country without states is told that its state is wrong',
    edits: [
      {
        file: 'client-sdk/parts/data/state-of-country.ts',
        find: 'errors === outdated ? undefined : errors.state',
        replace: 'errors.state',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/state-of-country.test.ts',
      testNamePattern: 'goes with its country',
    },
  },
  {
    id: 'permission-unasked',
    what: 'every role of staff may call every procedure of staff',
    edits: [
      {
        file: 'server/trpc/trpc.ts',
        find: 'assertMay(role, permission);\n    const limit',
        replace: "assertMay(role, 'viewOrders');\n    const limit",
      },
    ],
    caughtBy: { ...doors, testNamePattern: 'who lacks the permission is refused by every procedure' },
  },
  {
    id: 'permission-of-another-door',
    what: 'one procedure asks for a weaker permission than its own',
    edits: [
      {
        file: 'server/trpc/routers/admin-refunds.ts',
        find: "recordRefundPaidElsewhere: staffAction('recordPaidElsewhere')",
        replace: "recordRefundPaidElsewhere: staffAction('refund')",
      },
    ],
    caughtBy: { ...doors, testNamePattern: 'every procedure names its access' },
  },
  {
    id: 'preview-without-permission',
    what: 'a preview may be seen without the permission of its action',
    edits: [
      {
        file: 'server/trpc/routers/admin-previews.ts',
        find: "preview('resolveReview')",
        replace: "preview('viewOrders')",
      },
    ],
    caughtBy: { ...doors, testNamePattern: 'every procedure names its access' },
  },
  {
    id: 'jobs-for-all-staff',
    what: 'every role of staff may open Agendash',
    edits: [
      {
        file: 'server/http/agendash.ts',
        find: "authenticateStaff(ctx, 'jobs')",
        replace: "authenticateStaff(ctx, 'viewOrders')",
      },
    ],
    caughtBy: { ...doors, testNamePattern: 'every route of Agendash lets in' },
  },
  {
    id: 'actions-for-all-roles',
    what: 'the list of actions offers what the role may not do',
    edits: [
      {
        file: 'models/staff-actions/order-actions.ts',
        find: 'if (whyNotThem !== null)',
        replace: "if (whyNotThem === '')",
      },
    ],
    caughtBy: { ...doors, testNamePattern: 'the list of actions on an order offers each role' },
  },
  {
    id: 'sessions-from-unread',
    what: 'a token from before the end of all sessions is accepted',
    edits: [
      {
        file: 'models/accounts/end-sessions.ts',
        find: 'sessionsFrom !== undefined && startedAt < sessionsFrom',
        replace: 'sessionsFrom !== undefined && startedAt > sessionsFrom',
      },
    ],
    caughtBy: { ...people, testNamePattern: 'everywhere ends every session' },
  },
  {
    id: 'sessions-by-token-age',
    what: 'a token that is renewed during the end of all sessions goes on',
    edits: [
      {
        file: 'server/auth/auth.ts',
        find: 'if (hasSessionEnded(identity, user))',
        replace: 'if (hasSessionEnded({ ...identity, startedAt: identity.issuedAt }, user))',
      },
    ],
    caughtBy: { ...people, testNamePattern: 'everywhere refuses a token that is issued later' },
  },
  {
    id: 'sign-out-of-the-browser-only',
    what: 'signing out leaves the token valid',
    edits: [
      {
        file: 'models/accounts/end-sessions.ts',
        find: 'endedSessions.some((ended) => ended.id === id)',
        replace: 'endedSessions.some((ended) => ended.until === startedAt)',
      },
    ],
    caughtBy: { ...people, testNamePattern: 'ends the session with the tokens that renewed it' },
  },
  {
    id: 'renewal-without-end',
    what: 'a session in use never ends',
    edits: [
      {
        file: 'server/auth/session-times.ts',
        find: 'const LIFETIMES_OF_A_SESSION = 12;',
        replace: 'const LIFETIMES_OF_A_SESSION = 1e6;',
      },
    ],
    caughtBy: { ...times, testNamePattern: 'a session that is renewed at each chance ends' },
  },
  {
    id: 'promoted-for-a-month',
    what: 'a customer who becomes staff keeps a session of customers',
    edits: [
      {
        file: 'server/auth/auth.ts',
        find: 'tokenEnd(identity, lifetimeOf(user.role, auth.lifetimes)) <= clock.now()',
        replace: 'identity.expiresAt <= clock.now()',
      },
    ],
    caughtBy: { ...people, testNamePattern: 'of a customer who became staff' },
  },
  {
    id: 'last-owner-removed',
    what: 'the last owner can be removed',
    edits: [{ file: 'models/accounts/change-role.ts', find: '{ session })) === 0)', replace: '{ session })) < 0)' }],
    caughtBy: { ...people, testNamePattern: 'the last owner keeps the role' },
  },
  {
    id: 'owners-remove-each-other',
    what: 'a change of a role does not conflict with another one',
    edits: [
      {
        file: 'models/accounts/change-role.ts',
        find: '      await countRoleChange(db, session);\n',
        replace: '',
      },
    ],
    caughtBy: { ...people, testNamePattern: 'of two owners who remove each other' },
  },
  {
    id: 'limit-per-refund',
    what: 'support’s limit is compared with each refund instead of their sum',
    edits: [
      {
        file: 'models/refund/refund-limit.ts',
        find: 'limit - sumOf(order.refunds.filter(isCounted))',
        replace: 'limit',
      },
    ],
    caughtBy: { ...limit, testNamePattern: 'of a limit of 5,000 the rest is left' },
  },
  {
    id: 'cancel-beyond-limit',
    what: 'support’s limit does not count what a cancellation gives back',
    edits: [
      {
        file: 'models/fulfilment/cancel-order.ts',
        find: 'withinRefundLimit((order) => decideCancel(order, request), request.refundLimit)',
        replace: '(order) => decideCancel(order, request)',
      },
    ],
    caughtBy: { ...doors, testNamePattern: 'support gives back up to its limit' },
  },
  {
    id: 'stream-outlives-role',
    what: 'the stream of staff goes on after the role has ended',
    edits: [{ file: 'server/live/staff-subscription.ts', find: '      await recheck();\n', replace: '' }],
    caughtBy: { ...people, testNamePattern: 'and tells nothing after it' },
  },
];
