/** Work loops, readiness, and the runs that Agendash shows. */
import type { Mutant } from '../mutant.ts';

const poison = { project: 'faults', file: 'tests/faults/poison-items.test.ts' };
const audit = { project: 'component', file: 'tests/component/audit.test.ts' };
const health = { project: 'component', file: 'tests/component/health.test.ts' };
const agendash = { project: 'component', file: 'tests/component/agendash.test.ts' };
const oneOfHundred = 'of 100 items, 99 are done';

export const LOOP_MUTANTS: readonly Mutant[] = [
  {
    id: 'item-ends-run',
    what: 'one failing item ends the run of its loop',
    edits: [
      {
        file: 'jobs/concurrency/work-loop.ts',
        find: 'if (isInfrastructure(error)) throw error;',
        replace: 'if (isInfrastructure(error) || failed === 0) throw error;',
      },
    ],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'worker-not-awaited',
    what: 'a run that ends leaves its other workers running',
    edits: [
      {
        file: 'jobs/concurrency/work-loop.ts',
        find: '      await handle(next.value).catch((error: unknown) => {\n        broken.push({ error });\n      });',
        replace: '      await handle(next.value);',
      },
    ],
    caughtBy: { ...poison, testNamePattern: 'only after the items in flight have ended' },
  },
  {
    id: 'run-goes-on-without-database',
    what: 'a run goes on although no failure can be counted',
    edits: [
      {
        file: 'jobs/concurrency/work-loop.ts',
        find: 'if (!isFaultOfDocument(err)) throw err;',
        replace: 'void isFaultOfDocument;',
      },
    ],
    caughtBy: { ...poison, testNamePattern: 'when no failure can be counted' },
  },
  {
    id: 'uncountable-ends-run',
    what: 'an item whose failure cannot be written ends the run',
    edits: [
      {
        file: 'jobs/concurrency/work-loop.ts',
        find: 'if (!isFaultOfDocument(err)) throw err;',
        replace: 'if (!isFaultOfDocument(null)) throw err;\n      throw err;',
      },
    ],
    caughtBy: { ...poison, testNamePattern: 'a failure that the database refuses to count' },
  },
  {
    id: 'attempts-not-counted',
    what: 'failures of an order are not counted',
    edits: [
      {
        file: 'models/order/stuck/own-failures.ts',
        find: 'const attempts = (order.stuck?.[loop]?.attempts ?? 0) + 1;',
        replace: 'const attempts = 1;',
      },
    ],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'scalar-not-moved-on',
    what: 'an order that failed stays due, so that each run meets it again',
    edits: [
      {
        file: 'models/order/stuck/own-failures.ts',
        find: 'set: { stuck, [scalar]: next } };',
        replace: 'set: { stuck, [scalar]: next < dueAt ? next : dueAt } };',
      },
    ],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'parked-stays-due',
    what: 'a parked order stays in its queue',
    edits: [{ file: 'models/order/stuck/own-failures.ts', find: 'unset: [scalar] };', replace: 'unset: [] };' }],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'count-unguarded',
    what: 'a failure is counted on a stale reading of the order',
    edits: [
      {
        file: 'models/order/stuck/own-failures.ts',
        find: '{ _id: orderId, version: order.version },',
        replace: '{ _id: orderId },',
      },
    ],
    caughtBy: { ...poison, testNamePattern: 'two counts of one failure at once' },
  },
  {
    id: 'parked-not-alerted',
    what: 'no alert reports a parked order',
    edits: [
      { file: 'jobs/count-order-failure.ts', find: 'if (counted?.parked)', replace: 'if (counted === undefined)' },
    ],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'poison-email-never-parked',
    what: 'an email that cannot be rendered is tried for ever',
    edits: [
      {
        file: 'models/messaging/email-outbox.ts',
        find: 'const parked = ownFailures >= MAX_OWN_FAILURES;',
        replace: 'const parked = ownFailures > MAX_OWN_FAILURES * 100;',
      },
    ],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'poison-webhook-never-parked',
    what: 'a webhook that cannot be applied is tried for ever',
    edits: [
      {
        file: 'models/messaging/webhook-inbox.ts',
        find: 'const parked = own && ownFailures >= MAX_OWN_FAILURES;',
        replace: 'const parked = own && ownFailures > MAX_OWN_FAILURES * 100;',
      },
    ],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'outage-parks-webhooks',
    what: 'an outage of Paystack parks webhooks',
    edits: [
      {
        file: 'jobs/payments/apply-webhook.ts',
        find: 'const own = !isGatewayError(error) &&',
        replace: 'const own = (isGatewayError(error) || error !== null) &&',
      },
    ],
    caughtBy: {
      project: 'regression',
      file: 'tests/regression/webhooks.test.ts',
      testNamePattern: 'while Paystack is down, each failure from the eighth on is an alert',
    },
  },
  {
    id: 'retry-leaves-stuck',
    what: "staff's retry does not clear the failures",
    edits: [
      {
        file: 'models/order/stuck/retry-stuck.ts',
        find: 'set: { stuck: undefined, ...verifies }',
        replace: 'set: { ...verifies }',
      },
    ],
    caughtBy: { ...poison, testNamePattern: oneOfHundred },
  },
  {
    id: 'audit-proves-with-violation',
    what: 'the audit proves the books although it has found a violation',
    edits: [
      {
        file: 'models/audit-state/audit-state.ts',
        find: '...(violations.length === 0 ? { provedUntil: roundStartedAt } : {})',
        replace: 'provedUntil: roundStartedAt',
      },
    ],
    caughtBy: { ...audit, testNamePattern: 'reports a violation once' },
  },
  {
    id: 'audit-slice-by-all',
    what: 'every worker checks the slice of the audit that another one checks',
    edits: [
      {
        file: 'models/audit-state/audit-state.ts',
        find: 'state.sliceDueAt > now\n      ? null\n      : {',
        replace: 'state.sliceDueAt > new Date(now.getTime() + SLICE_EVERY_MS)\n      ? null\n      : {',
      },
    ],
    caughtBy: { ...audit, testNamePattern: 'of workers that begin at once' },
  },
  {
    id: 'audit-young-left-out',
    what: 'the running audit comes to young orders only in their turn',
    edits: [
      {
        file: 'jobs/audit/run-audit.ts',
        find: 'if (await claimYoung(db, now)) {',
        replace: 'if (sliceSize === 0 && (await claimYoung(db, now))) {',
      },
    ],
    caughtBy: { ...audit, testNamePattern: 'a violation of a young order' },
  },
  {
    id: 'failed-alone-tried-again',
    what: 'a settlement run tries a poison order again and again',
    edits: [
      {
        file: 'models/settlement/drain-settlements.ts',
        find: 'const [now, except] = [options.now(), failedAlone];',
        replace: 'const [now, except] = [options.now(), []];',
      },
    ],
    caughtBy: { ...poison, testNamePattern: 'a run tries a poison order once' },
  },
  {
    id: 'readyz-reads-backlog',
    what: 'a waiting email takes every process out of service',
    edits: [
      {
        file: 'server/observability/readiness.ts',
        find: "      ['indexes', indexesExist()],\n",
        replace:
          "      ['indexes', indexesExist()],\n      ['database', ctx.db.emails.countDocuments({ state: 'queued' }).then((count) => count === 0)],\n",
      },
    ],
    caughtBy: { ...health, testNamePattern: 'stays ready while an email is refused for hours' },
  },
  {
    id: 'draining-is-ready',
    what: 'a process that stops reports that it is ready',
    edits: [
      {
        file: 'server/observability/readiness.ts',
        find: 'ctx.stopping.signal.aborted ?',
        replace: 'ctx.stopping.signal.aborted && !ctx.db ?',
      },
    ],
    caughtBy: {
      project: 'faults',
      file: 'tests/faults/stopping.test.ts',
      testNamePattern: 'reports that it is not ready, ends both cleanly and exits with 0',
    },
  },
  {
    id: 'ops-for-shoppers',
    what: "the shoppers' port serves health checks and metrics too",
    edits: [
      {
        file: 'server/rest/index.ts',
        find: '  router.use(openApiRoute(ctx.config));\n',
        replace: '  router.use(opsRoutes(ctx));\n  router.use(openApiRoute(ctx.config));\n',
      },
      {
        file: 'server/rest/index.ts',
        find: "import { orderRoutes } from './orders.ts';\n",
        replace: "import { opsRoutes } from './ops.ts';\nimport { orderRoutes } from './orders.ts';\n",
      },
    ],
    caughtBy: { ...health, testNamePattern: 'on the operators’ port alone' },
  },
  {
    id: 'old-runs-kept',
    what: 'finished runs of jobs are kept without a bound',
    edits: [
      {
        file: 'jobs/sweep.ts',
        find: 'await deleteOldRuns(ctx.db, ',
        replace: 'void [deleteOldRuns].length; await Promise.resolve(',
      },
    ],
    caughtBy: { ...agendash, testNamePattern: 'the sweep keeps the newest 500' },
  },
  {
    id: 'waiting-runs-deleted',
    what: 'runs that wait again are deleted with the old ones',
    edits: [
      {
        file: 'jobs/agenda/job-collection.ts',
        find: ', nextRunAt: null, lockedAt: null };',
        replace: ', lockedAt: null };',
      },
      {
        file: 'jobs/agenda/job-collection.ts',
        find: '{ _id: { $in: old.map(({ _id }) => _id) }, nextRunAt: null }',
        replace: '{ _id: { $in: old.map(({ _id }) => _id) } }',
      },
    ],
    caughtBy: { ...agendash, testNamePattern: 'the sweep keeps the newest 500' },
  },
  {
    id: 'agendash-reads-all',
    what: 'Agendash reads every job for its overview',
    edits: [
      {
        file: 'server/http/agendash.ts',
        find: 'createExpressMiddleware(withRecentJobs(ctx.jobs.agenda, ctx))',
        replace: 'createExpressMiddleware(ctx.jobs.agenda ?? withRecentJobs(ctx.jobs.agenda, ctx))',
      },
    ],
    caughtBy: { ...agendash, testNamePattern: 'the page reads the newest 500' },
  },
];
