/** Batched commands: the answer of another caller, a lost guard in a bulk, a wake-up that ends with its run. */
import type { Mutant } from '../mutant.ts';

const livingRun = { project: 'unit', file: 'tests/unit/living-run.test.ts' };
const emails = { project: 'trouble', file: 'tests/trouble/email-trouble.test.ts' };
const lease = { project: 'component', file: 'tests/component/lease.test.ts' };
const guarded = { project: 'component', file: 'tests/component/guarded-updates.test.ts' };

export const BATCHING_MUTANTS: readonly Mutant[] = [
  {
    id: 'announced-work-forgotten',
    what: 'a settlement run ends with a wake-up in memory that it has not read',
    edits: [
      {
        file: 'jobs/agenda/living-run.ts',
        find: 'isWorkLeft: this.#announced > 0 };',
        replace: 'isWorkLeft: false };',
      },
    ],
    caughtBy: { ...livingRun, testNamePattern: 'what a run was told and has not read' },
  },
  {
    id: 'payments-not-gathered',
    what: 'a busy settlement begins with the first of several payments',
    edits: [{ file: 'jobs/agenda/living-run.ts', find: 'if (gathers) await', replace: 'if (earliest < 0) await' }],
    caughtBy: { ...livingRun, testNamePattern: 'a busy run waits until no more wake-ups come' },
  },
  {
    id: 'waiting-wake-up-kept',
    what: 'a waiting wake-up absorbs the later ones of other processes',
    edits: [{ file: 'jobs/agenda/living-run.ts', find: '    await this.#deleteWaiting();\n', replace: '' }],
    caughtBy: { ...livingRun, testNamePattern: 'wake-ups that wait in the database are deleted' },
  },
  {
    id: 'lingers-while-stopping',
    what: 'a process that stops waits for the linger of its settlement run',
    edits: [
      {
        file: 'jobs/agenda/living-run.ts',
        find: "      signal.addEventListener('abort', end, { once: true });\n",
        replace: '',
      },
    ],
    caughtBy: { ...livingRun, testNamePattern: 'a run ends after the linger, or at once' },
  },
  {
    id: 'announced-work-not-read',
    what: 'a living run is told of work and does not read the queue again',
    edits: [
      {
        file: 'models/settlement/drain-settlements.ts',
        find: 'if (!batch.moreDue && !(await options.announcements?.next(earliest, meets)))',
        replace: 'if (!batch.moreDue)',
      },
    ],
    caughtBy: { ...lease, testNamePattern: 'a run lives on while work is announced' },
  },
  {
    id: 'lone-payment-waits-to-meet',
    what: 'the payment of a lone shopper waits for others that do not come',
    edits: [
      {
        file: 'models/settlement/drain-settlements.ts',
        find: '(meets ? MEETING_MS : 0)',
        replace: 'MEETING_MS',
      },
    ],
    caughtBy: { ...lease, testNamePattern: 'only after a batch of several orders' },
  },
  {
    id: 'announced-before-read-kept',
    what: 'a living run reads once more for what it has read',
    edits: [
      {
        file: 'models/settlement/drain-settlements.ts',
        find: 'if (ahead === undefined) await options.announcements?.beforeRead();',
        replace: '',
      },
    ],
    caughtBy: { ...lease, testNamePattern: 'a run lives on while work is announced' },
  },
  {
    id: 'waits-for-a-living-run',
    what: 'a run waits for the lease of another one that has settled everything',
    edits: [
      {
        file: 'models/settlement/drain-settlements.ts',
        find: "    if (!(await isSettlementDue(db, options.now()))) return 'drained';\n",
        replace: '',
      },
    ],
    caughtBy: { ...lease, testNamePattern: 'a run that waits for the lease ends' },
  },
  {
    id: 'memory-alone',
    what: 'orders whose wake-up died with its process wait for the whole sweep',
    edits: [
      {
        file: 'jobs/agenda/timers.ts',
        find: 'const SETTLEMENT_EVERY_MS = 2_000;',
        replace: 'const SETTLEMENT_EVERY_MS = 600_000;',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-jobs.test.ts',
      testNamePattern: 'payments whose wake-ups die with their process',
    },
  },
  {
    id: 'claim-outlives-its-owner',
    what: 'the emails of a process that died in the claim are never due again',
    edits: [
      {
        file: 'models/messaging/email-outbox.ts',
        find: 'now.getTime() + DEADLINES.emailClaim), claimedBy',
        replace: 'now.getTime() + 1_000 * DEADLINES.emailClaim), claimedBy',
      },
    ],
    caughtBy: { ...emails, testNamePattern: 'a process that dies with claimed emails in memory' },
  },
  {
    id: 'claimed-without-a-sender',
    what: 'a settlement claims emails where no sender runs',
    edits: [{ file: 'jobs/email-sender.ts', find: 'ctx === null || ctx.stopping', replace: 'ctx?.stopping' }],
    caughtBy: { ...emails, testNamePattern: 'a settlement claims its emails for the sender' },
  },
  {
    id: 'sends-after-its-claim',
    what: 'a process that was paused sends an email whose claim ends',
    edits: [
      { file: 'jobs/email-sender.ts', find: 'sendClaimed(from, unexpired,', replace: 'sendClaimed(from, emails,' },
    ],
    caughtBy: { ...emails, testNamePattern: 'a process that was paused until a claim ends' },
  },
  {
    id: 'claims-in-an-outage',
    what: 'settlements go on to claim emails while the provider refuses them',
    edits: [
      { file: 'jobs/email-sender.ts', find: 'if (retry > 0) pausedUntil', replace: 'if (retry > 99) pausedUntil' },
    ],
    caughtBy: { ...emails, testNamePattern: 'after a refusal for the time being' },
  },
  {
    id: 'claims-more-than-it-sends',
    what: 'a settlement claims every email, whatever its process can send',
    edits: [
      {
        file: 'models/settlement/settlement-writes.ts',
        find: 'emails.slice(0, limit).map',
        replace: 'emails.map',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/email-claims.test.ts',
      testNamePattern: 'a settlement claims as many emails',
    },
  },
  {
    id: 'watchers-not-told',
    what: 'watchers in the process of the settlement wait for the change stream',
    edits: [
      {
        file: 'jobs/payments/after-change.ts',
        find: '  for (const { order } of settled) changeFeed.notify(order._id);\n',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/order-watch.test.ts',
      testNamePattern: 'tells its own watchers in memory',
    },
  },
  {
    id: 'window-for-a-lone-caller',
    what: 'a lone caller waits for others who do not come',
    edits: [{ file: 'models/db/batching/batch-loader.ts', find: 'if (lastSize <= 1)', replace: 'if (lastSize <= 0)' }],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/batch-loader.test.ts',
      testNamePattern: 'after a lone load it is sent at once',
    },
  },
  {
    id: 'no-window',
    what: 'busy callers send a command each',
    edits: [
      { file: 'models/db/batching/batch-loader.ts', find: 'if (lastSize <= 1)', replace: 'if (lastSize <= 1_000)' },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/batch-loader.test.ts',
      testNamePattern: 'the next waits for more calls',
    },
  },
  {
    id: 'batch-never-full',
    what: 'a busy loader sends nothing while calls keep coming',
    edits: [
      {
        file: 'models/db/batching/when-quiet.ts',
        find: 'if (now === before || performance.now() >= callBy)',
        replace: 'if (now === before || callBy < 0)',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/batch-loader.test.ts',
      testNamePattern: 'collects as long as calls keep coming, up to a bound',
    },
  },
  {
    id: 'batch-not-collected',
    what: 'a busy loader sends at the first look, although calls still come',
    edits: [{ file: 'models/db/batching/when-quiet.ts', find: 'if (now === before ||', replace: 'if (now > 0 ||' }],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/batch-loader.test.ts',
      testNamePattern: 'collects as long as calls keep coming, up to a bound',
    },
  },
  {
    id: 'one-cart-counts-as-many',
    what: 'a cart of several lines counts as so many callers that meet',
    edits: [
      {
        file: 'models/catalogue/find-variants.ts',
        find: 'new Map() : findLists(db, ids);',
        replace:
          'new Map() : byId((await Promise.all(ids.map((id) => findLists(db, [id])))).flatMap((found) => [...found.values()]));',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/batched-lookups.test.ts',
      testNamePattern: 'the goods of several lines are read as soon as',
    },
  },
  {
    id: 'stream-not-gathered',
    what: 'a stream of many changes is read for each few of them',
    edits: [{ file: 'models/db/change-stream.ts', find: 'if (replySize > 1) await delay(GATHER_MS);', replace: '' }],
    caughtBy: {
      project: 'component',
      file: 'tests/component/change-stream.test.ts',
      testNamePattern: 'the stream is read once in 50 ms',
    },
  },
  {
    id: 'wake-ups-not-spaced',
    what: 'each payment of a burst stores a wake-up of its own',
    edits: [{ file: 'jobs/agenda/wake-ups.ts', find: 'const SPACING_MS = 50;', replace: 'const SPACING_MS = 0;' }],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-jobs.test.ts',
      testNamePattern: 'of a burst one wake-up is stored at once',
    },
  },
  {
    id: 'mark-not-followed',
    what: 'a process that stops forgets the marks of webhooks it has applied',
    edits: [{ file: 'server/rest/paystack-webhook.ts', find: '      ctx.lateWork.follow(marked);\n', replace: '' }],
    caughtBy: {
      project: 'component',
      file: 'tests/component/webhook-endpoint.test.ts',
      testNamePattern: 'a webhook is answered before its mark',
    },
  },
  {
    id: 'bulk-without-guard',
    what: 'the updates of a bulk are written whatever the version is',
    edits: [
      {
        file: 'models/db/batching/guarded-updates.ts',
        find: 'filter: { _id, [field]: guard }',
        replace: 'filter: { _id }',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'of many writes of one version, exactly one holds' },
  },
  {
    id: 'bulk-lost-guard-held',
    what: 'a lost guard in a bulk counts as written',
    edits: [
      {
        file: 'models/db/batching/guarded-updates.ts',
        find: 'return isLostGuard(failure) && !unmoved.has(index) ? false : failure;',
        replace: 'return isLostGuard(failure) && !unmoved.has(index) ? true : failure;',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'of many writes of one version, exactly one holds' },
  },
  {
    id: 'bulk-refusal-is-lost-race',
    what: 'a document that the validator refuses counts as a lost race',
    edits: [
      {
        file: 'models/db/batching/guarded-updates.ts',
        find: 'return isLostGuard(failure) && !unmoved.has(index) ? false : failure;',
        replace: 'return isLostGuard(failure) ? false : failure;',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'a lost guard and a refused document are told apart' },
  },
  {
    id: 'bulk-fails-together',
    what: 'one failed update fails all the calls that share its command',
    edits: [
      {
        file: 'models/db/batching/write-failures.ts',
        find: '    if (failed.length === 0) throw error;\n',
        replace: '    throw error;\n',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'a lost guard and a refused document are told apart' },
  },
  {
    id: 'cart-change-lost',
    what: 'a change of a cart overwrites the one that came first',
    edits: [
      {
        file: 'models/cart/write-cart.ts',
        find: 'if (outcome === false) lost.set(key, requests);\n    else for',
        replace: 'for',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'a change that was decided on an older cart is decided anew' },
  },
  {
    id: 'settlement-keeps-cart-rev',
    what: 'the settlement leaves the revision of the carts that it empties',
    edits: [{ file: 'models/settlement/clear-carts.ts', find: '{ $inc: { rev: 1 } }', replace: '{}' }],
    caughtBy: { ...guarded, testNamePattern: 'a settlement between the reading of a cart and its change' },
  },
];
