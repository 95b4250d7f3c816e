/**
 * The crash points K1–K15 and the ways to crash there. A point is a sequence of moments that the process passes, told apart
 * from outside the production code: by the driver's command events and by the calls of its ports. The crash comes at the last.
 */
import type { Standing } from './standing.ts';

/** What a process can be caught at: `before` it is sent or called, `after` its reply has come and nobody has seen it yet. */
export type Moment =
  | { at: 'before' | 'after'; port: 'initialize' | 'verify' | 'listRefunds' | 'createRefund' | 'send' }
  /** A commit is the one of the transaction in which the moment before it was passed, if that was in one. */
  | { at: 'before' | 'after'; command: string; collection?: string; upsert?: true };

/** What the shopper goes through so that the process passes the point. */
export type Story = 'bought' | 'bought, webhook lost' | 'short of stock';

export interface CrashPoint {
  id: string;
  what: string;
  moments: readonly Moment[];
  story: Story;
  /** What somebody else waits for there: the claim of an attempt, an email or a refund, or the settlement's lease. */
  lock: 'attempt' | 'email' | 'refund' | 'lease';
  /** The reply to a send is lost here, so a copy with the same key is right. */
  copies?: true;
  /** A page may be stored late here, beside that of the reference that somebody else made meanwhile. */
  latePage?: true;
  /** What the books must show while the process is dead or paused there: that it crashed where it says. */
  leaves: Partial<Standing>;
}

const committed: Moment = { at: 'after', command: 'commitTransaction' };
const orderInserted: Moment = { at: 'after', command: 'insert', collection: 'orders' };
const stockWritten: Moment = { at: 'after', command: 'update', collection: 'variants' };

export const CRASH_POINTS: readonly CrashPoint[] = [
  {
    id: 'K1',
    what: 'order inserted',
    moments: [orderInserted, committed],
    story: 'bought',
    lock: 'attempt',
    leaves: { orders: 1, attempt: 'created', opened: 0 },
  },
  {
    id: 'K2',
    what: 'before initialize',
    moments: [{ at: 'before', port: 'initialize' }],
    story: 'bought',
    lock: 'attempt',
    leaves: { orders: 1, attempt: 'created', opened: 0 },
  },
  {
    id: 'K3',
    what: 'initialize answered, not stored',
    moments: [{ at: 'after', port: 'initialize' }],
    story: 'bought',
    lock: 'attempt',
    latePage: true,
    leaves: { orders: 1, attempt: 'created', opened: 1 },
  },
  {
    id: 'K4',
    what: 'webhook verified, not stored',
    moments: [{ at: 'before', command: 'update', collection: 'webhookevents' }],
    story: 'bought',
    lock: 'attempt',
    leaves: { attempt: 'initialized', charges: 1, events: 0 },
  },
  {
    id: 'K5',
    what: 'webhook stored, not applied',
    moments: [{ at: 'after', command: 'update', collection: 'webhookevents' }],
    story: 'bought',
    lock: 'attempt',
    leaves: { attempt: 'initialized', charges: 1, events: 1, eventsDue: 1 },
  },
  {
    id: 'K6',
    what: 'charge recorded, not enqueued',
    moments: [{ at: 'before', command: 'findAndModify', collection: 'agendaJobs', upsert: true }],
    story: 'bought',
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
    story: 'bought',
    lock: 'lease',
    leaves: { status: 'pending', paymentStatus: 'paid', sales: 0 },
  },
  {
    id: 'K8',
    what: 'verify answered',
    moments: [{ at: 'after', port: 'verify' }],
    story: 'bought, webhook lost',
    lock: 'attempt',
    leaves: { attempt: 'initialized', charges: 1, events: 0 },
  },
  {
    id: 'K9',
    what: 'after the first write of the settlement',
    moments: [stockWritten],
    story: 'bought',
    lock: 'lease',
    leaves: { status: 'pending', paymentStatus: 'paid', sales: 0, queued: 0 },
  },
  {
    id: 'K10',
    what: 'before commit',
    moments: [stockWritten, { at: 'before', command: 'commitTransaction' }],
    story: 'bought',
    lock: 'lease',
    leaves: { status: 'pending', paymentStatus: 'paid', sales: 0, queued: 0 },
  },
  {
    id: 'K11',
    what: 'commit sent, reply lost',
    moments: [stockWritten, committed],
    story: 'bought',
    lock: 'lease',
    leaves: { status: 'confirmed', sales: 1, queued: 1, mails: 0 },
  },
  {
    id: 'K12',
    what: 'committed, emails not sent',
    moments: [stockWritten, committed, { at: 'before', command: 'update', collection: 'emails' }],
    story: 'bought',
    lock: 'lease',
    leaves: { status: 'confirmed', sales: 1, queued: 1, mails: 0 },
  },
  {
    id: 'K13',
    what: 'email accepted, not marked',
    moments: [{ at: 'after', port: 'send' }],
    story: 'bought',
    lock: 'email',
    leaves: { status: 'confirmed', queued: 1, mails: 1 },
    copies: true,
  },
  {
    id: 'K14',
    what: 'refund accepted, not stored',
    moments: [{ at: 'after', port: 'createRefund' }],
    story: 'short of stock',
    lock: 'refund',
    leaves: { status: 'cancelled', refund: 'requested', refunded: 1 },
  },
  {
    id: 'K15',
    what: 'refunds listed, ours not sent yet',
    moments: [{ at: 'after', port: 'listRefunds' }],
    story: 'short of stock',
    lock: 'refund',
    leaves: { status: 'cancelled', refund: 'requested', refunded: 0 },
  },
];

export const CRASHES = ['kill', 'throw', 'pause'] as const;
export type Crash = (typeof CRASHES)[number];

export const COMPANIES = ['alone', 'rival'] as const;
/** Whether another process of the same roles is alive from the crash on, or the crashed one is started again. */
export type Company = (typeof COMPANIES)[number];

export interface CrashCase {
  point: CrashPoint;
  crash: Crash;
  company: Company;
  /** Where the rival is killed once it has the work, so that only the one that was paused is left to end it. */
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

/** Beyond the 90: paused past the lock, and the rival that took over dies as well (P3); one settlement, email and refund. */
export const MORTAL_RIVAL_CASES: readonly CrashCase[] = [
  // The one that was paused still has its transaction open, so the rival gets no further than this.
  pausedBesideMortal('K9', [{ at: 'before', command: 'update', collection: 'variants' }]),
  pausedBesideMortal('K13', [{ at: 'after', port: 'send' }]),
  pausedBesideMortal('K15', [{ at: 'after', port: 'createRefund' }]),
];

/** Beyond the 90: the page is stored and the shopper is not told; asked again, it must be the same one (P4). */
const PAGE_STORED: CrashPoint = {
  id: 'P4',
  what: 'page stored, not shown',
  moments: [
    { at: 'after', port: 'initialize' },
    { at: 'after', command: 'update', collection: 'orders' },
  ],
  story: 'bought',
  lock: 'attempt',
  leaves: { orders: 1, attempt: 'initialized', opened: 1 },
};
export const STORED_PAGE_CASES: readonly CrashCase[] = [
  { point: PAGE_STORED, crash: 'kill', company: 'alone' },
  { point: PAGE_STORED, crash: 'kill', company: 'rival' },
];
