/**
 * The crash points K1–K19 and the kinds of crash. A point is a sequence of driver commands and port calls; the process
 * crashes at the last one.
 */
import type { SystemState } from './system-state.ts';

/** `before`: the command or call is about to start. `after`: its reply has arrived, but no code has read it. */
export type Moment =
  | {
      at: 'before' | 'after';
      port: 'initialize' | 'verify' | 'listRefunds' | 'createRefund' | 'listPayoutCharges' | AnswerCall | 'send';
    }
  /** A commit counts only for the transaction of the previous moment, if that was in a transaction. */
  | { at: 'before' | 'after'; command: string; collection?: string; upsert?: true };

type AnswerCall = 'submitEvidence' | 'uploadFile' | 'resolveDispute';

/** The scenario in which the process passes the point. */
export type Scenario = 'bought' | 'bought, webhook lost' | 'short of stock' | 'paid out' | 'disputed';

export interface CrashPoint {
  id: string;
  what: string;
  moments: readonly Moment[];
  scenario: Scenario;
  /** The claim or lease that the crashed process holds. */
  lock: 'attempt' | 'email' | 'refund' | 'dispute' | 'lease';
  /** The reply to a send is lost here, so a copy with the same key is allowed. */
  copies?: true;
  /** A page may be stored late here, beside the page of a reference that another process created meanwhile. */
  latePage?: true;
  /** The state while the process is dead or paused, which shows that it crashed at this point. */
  leaves: Partial<SystemState>;
}

const committed: Moment = { at: 'after', command: 'commitTransaction' };
const orderInserted: Moment = { at: 'after', command: 'insert', collection: 'orders' };
const stockWritten: Moment = { at: 'after', command: 'update', collection: 'variants' };

export const CRASH_POINTS: readonly CrashPoint[] = [
  {
    id: 'K1',
    what: 'order inserted',
    moments: [orderInserted],
    scenario: 'bought',
    lock: 'attempt',
    leaves: { orders: 1, attempt: 'created', opened: 0 },
  },
  {
    id: 'K2',
    what: 'before initialize',
    moments: [{ at: 'before', port: 'initialize' }],
    scenario: 'bought',
    lock: 'attempt',
    leaves: { orders: 1, attempt: 'created', opened: 0 },
  },
  {
    id: 'K3',
    what: 'initialize answered, not stored',
    moments: [{ at: 'after', port: 'initialize' }],
    scenario: 'bought',
    lock: 'attempt',
    latePage: true,
    leaves: { orders: 1, attempt: 'created', opened: 1 },
  },
  {
    id: 'K4',
    what: 'webhook verified, not stored',
    moments: [{ at: 'before', command: 'update', collection: 'webhookevents' }],
    scenario: 'bought',
    lock: 'attempt',
    leaves: { attempt: 'initialized', charges: 1, events: 0 },
  },
  {
    id: 'K5',
    what: 'webhook stored, not applied',
    moments: [{ at: 'after', command: 'update', collection: 'webhookevents' }],
    scenario: 'bought',
    lock: 'attempt',
    leaves: { attempt: 'initialized', charges: 1, events: 1, eventsDue: 1 },
  },
  {
    id: 'K6',
    what: 'charge recorded, not enqueued',
    moments: [{ at: 'before', command: 'findAndModify', collection: 'agendaJobs', upsert: true }],
    scenario: 'bought',
    lock: 'attempt',
    leaves: { status: 'pending', paymentStatus: 'paid', sales: 0 },
  },
  {
    id: 'K7',
    what: 'job start',
    moments: [
      { at: 'after', command: 'findAndModify', collection: 'agendaJobs', upsert: true },
      { at: 'before', command: 'findAndModify', collection: 'leases' },
    ],
    scenario: 'bought',
    lock: 'lease',
    leaves: { status: 'pending', paymentStatus: 'paid', sales: 0 },
  },
  {
    id: 'K8',
    what: 'verify answered',
    moments: [{ at: 'after', port: 'verify' }],
    scenario: 'bought, webhook lost',
    lock: 'attempt',
    leaves: { attempt: 'initialized', charges: 1, events: 0 },
  },
  {
    id: 'K9',
    what: 'after the first write of the settlement',
    moments: [stockWritten],
    scenario: 'bought',
    lock: 'lease',
    leaves: { status: 'pending', paymentStatus: 'paid', sales: 0, queued: 0 },
  },
  {
    id: 'K10',
    what: 'before commit',
    moments: [stockWritten, { at: 'before', command: 'commitTransaction' }],
    scenario: 'bought',
    lock: 'lease',
    leaves: { status: 'pending', paymentStatus: 'paid', sales: 0, queued: 0 },
  },
  {
    id: 'K11',
    what: 'commit sent, reply lost',
    moments: [stockWritten, committed],
    scenario: 'bought',
    lock: 'lease',
    leaves: { status: 'confirmed', sales: 1, queued: 1, mails: 0 },
  },
  {
    id: 'K12',
    what: 'committed, emails not sent',
    moments: [stockWritten, committed, { at: 'before', port: 'send' }],
    scenario: 'bought',
    lock: 'email',
    leaves: { status: 'confirmed', sales: 1, queued: 1, mails: 0 },
  },
  {
    id: 'K13',
    what: 'email accepted, not marked',
    moments: [{ at: 'after', port: 'send' }],
    scenario: 'bought',
    lock: 'email',
    leaves: { status: 'confirmed', queued: 1, mails: 1 },
    copies: true,
  },
  {
    id: 'K14',
    what: 'refund accepted, not stored',
    moments: [{ at: 'after', port: 'createRefund' }],
    scenario: 'short of stock',
    lock: 'refund',
    leaves: { status: 'cancelled', refund: 'requested', refunded: 1 },
  },
  {
    id: 'K15',
    what: 'refunds listed, ours not sent yet',
    moments: [{ at: 'after', port: 'listRefunds' }],
    scenario: 'short of stock',
    lock: 'refund',
    leaves: { status: 'cancelled', refund: 'requested', refunded: 0 },
  },
];

export const CRASHES = ['kill', 'throw', 'pause'] as const;
export type Crash = (typeof CRASHES)[number];

export const COMPANIES = ['alone', 'rival'] as const;
/** rival: another process of the same roles is alive. alone: the crashed process is restarted. */
export type Company = (typeof COMPANIES)[number];

export interface CrashCase {
  point: CrashPoint;
  crash: Crash;
  company: Company;
  /** Kills the rival there after it took over, so that only the paused process remains to finish. */
  rivalDies?: readonly Moment[];
}

export const CRASH_CASES: readonly CrashCase[] = CRASH_POINTS.flatMap((point) =>
  CRASHES.flatMap((crash) => COMPANIES.map((company) => ({ point, crash, company }))),
);

const pointOf = (id: string): CrashPoint => {
  const point = CRASH_POINTS.find((one) => one.id === id);
  if (!point) throw new Error(`there is no crash point ${id}`);
  return point;
};
const pausedBesideMortal = (id: string, rivalDies: readonly Moment[]): CrashCase => ({
  point: pointOf(id),
  crash: 'pause',
  company: 'rival',
  rivalDies,
});

/** Besides the 90 cases: a pause past the lock, and the rival that took over dies too (P3). */
export const MORTAL_RIVAL_CASES: readonly CrashCase[] = [
  // The open transaction of the paused process blocks the rival at this write.
  pausedBesideMortal('K9', [{ at: 'before', command: 'update', collection: 'variants' }]),
  pausedBesideMortal('K13', [{ at: 'after', port: 'send' }]),
  pausedBesideMortal('K15', [{ at: 'after', port: 'createRefund' }]),
];

/** Besides the 90 cases, and alone: reading a payout has no lock that a rival could take over. */
export const PAYOUT_POINT: CrashPoint = {
  id: 'K19',
  what: 'payout read, charges half stored',
  moments: [
    { at: 'after', port: 'listPayoutCharges' },
    { at: 'after', command: 'update', collection: 'payoutlines' },
    committed,
  ],
  scenario: 'paid out',
  lock: 'lease',
  leaves: { status: 'confirmed', payout: 'reading', paidOut: 1 },
};
export const PAYOUT_CASES: readonly CrashCase[] = [
  { point: PAYOUT_POINT, crash: 'kill', company: 'alone' },
  { point: PAYOUT_POINT, crash: 'throw', company: 'alone' },
];

const answering = (id: string, what: string, port: AnswerCall, leaves: CrashPoint['leaves']): CrashPoint => ({
  id,
  what,
  moments: [{ at: 'after', port }],
  scenario: 'disputed',
  lock: 'dispute',
  leaves: { status: 'confirmed', ...leaves },
});
const resolved = answering('K18', 'dispute resolved, reply lost', 'resolveDispute', {
  ...{ answer: 'sending', evidence: 1, files: 1, answers: 1 },
});
export const ANSWER_POINTS: readonly CrashPoint[] = [
  answering('K16', 'evidence accepted, not stored', 'submitEvidence', {
    ...{ answer: 'sending', evidence: 1, files: 0, answers: 0 },
  }),
  answering('K17', 'receipt uploaded, not stored', 'uploadFile', {
    ...{ answer: 'sending', evidence: 1, files: 1, answers: 0 },
  }),
  resolved,
];
/** Besides the 90 cases: each alone, and the last one with a rival, which might answer a second time. */
export const ANSWER_CASES: readonly CrashCase[] = [
  ...ANSWER_POINTS.flatMap((point) =>
    (['kill', 'throw'] as const).map((crash) => ({ point, crash, company: 'alone' as const })),
  ),
  { point: resolved, crash: 'kill', company: 'rival' },
];

/** Besides the 90 cases: the page is stored, but its reply is lost. A retry must return the same page (P4). */
const PAGE_STORED: CrashPoint = {
  id: 'P4',
  what: 'page stored, not shown',
  moments: [
    { at: 'after', port: 'initialize' },
    { at: 'after', command: 'update', collection: 'orders' },
  ],
  scenario: 'bought',
  lock: 'attempt',
  leaves: { orders: 1, attempt: 'initialized', opened: 1 },
};
export const STORED_PAGE_CASES: readonly CrashCase[] = [
  { point: PAGE_STORED, crash: 'kill', company: 'alone' },
  { point: PAGE_STORED, crash: 'kill', company: 'rival' },
];
