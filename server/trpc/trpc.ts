/**
 * The set-up of tRPC: the context of a request, the shape of errors, and the three kinds of procedure. Each call counts
 * against its caller's rate limit, also within a batch, and has a deadline.
 */
import { initTRPC, TRPCError } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { z } from 'zod';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { assertMay } from '../../models/accounts/assert-may.ts';
import { findAccount } from '../../models/accounts/find-user.ts';
import type { Account } from '../../models/accounts/user.ts';
import { findCart } from '../../models/cart/write-cart.ts';
import type { Permission } from '../../models/contract/permissions.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { AppError } from '../../models/errors.ts';
import { readSupportRefundLimit } from '../../models/settings/settings.ts';
import { type Auth, unauthenticated } from '../auth/auth.ts';
import type { Identity } from '../auth/verified-tokens.ts';
import type { AppContext } from '../context/app-context.ts';
import { classifyError, type WireError } from '../http/classify-error.ts';
import { ERROR_STATUSES } from '../http/error-statuses.ts';
import { sayIssue } from '../http/issue-words.ts';
import { MAX_WATCH_MS } from '../live/subscription-limiter.ts';

export interface RequestContext {
  app: AppContext;
  auth: Auth;
  /** Generated here; a caller cannot choose it. */
  requestId: string;
  /** The caller's address, as `trust proxy` determines it. */
  ip: string;
  /** The User-Agent header. */
  userAgent: string | undefined;
  /** The Authorization header, not verified yet. */
  authorization: string | undefined;
  /** Verifies the token, once per request. Throws UNAUTHENTICATED. */
  identify(): Promise<Identity>;
  /** Sends a new token with the reply when one is due, once per request. */
  renewToken(of: Identity, user: Account): Promise<void>;
}

/** The callers of a procedure: anybody, every signed-in user for their own data, or the roles with this permission. */
export type Access = 'anyone' | 'signed in' | Permission;

// For the faults that a schema has no words for.
z.config({ customError: sayIssue });

const t = initTRPC
  .context<RequestContext>()
  .meta<{ access: Access }>()
  .create({
    isDev: false,
    errorFormatter({ error, ctx }) {
      const { wire, httpStatus } = classifyError(error, ctx?.requestId ?? null);
      const { code, message, details, requestId } = wire;
      const data: ErrorData = { code, httpStatus, details, requestId };
      // The client recognises errors by JSON-RPC's number; its subscriptions decide by that number whether to reconnect.
      return { message, code: TRPC_ERROR_CODES_BY_KEY[ERROR_STATUSES[code].trpc], data };
    },
    sse: {
      maxDurationMs: MAX_WATCH_MS,
      ping: { enabled: true, intervalMs: 10_000 },
      client: { reconnectAfterInactivityMs: 30_000 },
    },
  });

/** `error.data` at the client. */
export interface ErrorData extends Omit<WireError, 'message' | 'details'> {
  httpStatus: number;
  details: WireError['details'] | undefined;
}

export const { router, mergeRouters, createCallerFactory } = t;

const bounded = t.middleware(async ({ ctx, type, path, next }) => {
  const countAndCall = async () => {
    try {
      await countCall(ctx);
    } catch (error) {
      ctx.app.events.requestRefused({ kind: 'limited', route: path });
      throw error;
    }
    return next();
  };
  return type === 'subscription'
    ? countAndCall()
    : withTimeout(countAndCall(), DEADLINES.call, () => refuseLate(ctx, path));
});

/** Counts a call by its account, or by its address if no valid token comes with it. Throws RATE_LIMITED. */
async function countCall(ctx: RequestContext): Promise<void> {
  const session = ctx.authorization === undefined ? null : await ctx.identify().catch(() => null);
  ctx.app.limits.countCall(session === null ? { ip: ctx.ip } : { userId: session.userId.toHexString() });
}

function refuseLate(ctx: RequestContext, path: string): never {
  ctx.app.events.requestRefused({ kind: 'deadline', route: path });
  const details = { retryAfterMs: 1_000 };
  throw new AppError('OVERLOADED', 'The answer took too long; try again in a moment.', { details });
}

/** Requires no sign-in. */
export const publicProcedure = t.procedure.meta({ access: 'anyone' }).use(bounded);

/**
 * Requires a valid token and no more: for procedures that read the account (getCaller) beside what else they need, before
 * they use any of it. Throws UNAUTHENTICATED, RATE_LIMITED.
 */
export const tokenProcedure = publicProcedure.meta({ access: 'signed in' }).use(async ({ ctx, next }) => {
  return next({ ctx: { session: await ctx.identify() } });
});

/** Requires a signed-in user who still exists; `ctx.user` is read for this call. Throws UNAUTHENTICATED, RATE_LIMITED. */
export const customerProcedure = tokenProcedure.use(async ({ ctx, next }) => {
  const caller = await getCaller(ctx);
  return next({ ctx: caller });
});

/** The same with the caller's cart, read beside the account. */
export const shopperProcedure = tokenProcedure.use(async ({ ctx, next }) => {
  const [caller, cart] = await Promise.all([getCaller(ctx), findCart(ctx.app.db, ctx.session.userId)]);
  return next({ ctx: { ...caller, cart } });
});

/**
 * Requires a role that has the permission: each call reads role and limit from the database, never from the token or a
 * cache. Also throws FORBIDDEN.
 */
export const staffProcedure = (permission: Permission) =>
  customerProcedure.meta({ access: permission }).use(async ({ ctx, next }) => {
    const { role, ...user } = ctx.user;
    assertMay(role, permission);
    const limit = role === 'support' ? await readSupportRefundLimit(ctx.app.db) : undefined;
    return next({ ctx: { user: { ...user, role, ...(limit === undefined ? {} : { refundLimit: limit }) } } });
  });

/** For routes beside tRPC: throws as a staff procedure of this permission would, and counts the call. */
export async function assertStaffCall(ctx: RequestContext, permission: Permission): Promise<void> {
  await countCall(ctx);
  const { user } = await getCaller(ctx);
  assertMay(user.role, permission);
}

/** Reads the caller's account. Throws UNAUTHENTICATED. */
export async function getCaller(ctx: RequestContext): Promise<{ user: Account; session: Identity }> {
  const session = await ctx.identify();
  const user = await getSignedIn(ctx, session);
  await ctx.renewToken(session, user);
  return { user, session };
}

/** The account as it is now. Throws UNAUTHENTICATED when it is gone or the session has ended. */
async function getSignedIn({ app, auth }: RequestContext, session: Identity): Promise<Account> {
  const user = await findAccount(app.db, session.userId);
  if (!user) throw unauthenticated();
  auth.assertLive(session, user);
  return user;
}

/**
 * For streams, which outlive the check at their beginning: a function that checks again, and throws as the call itself would.
 * `permission` is that of a staff procedure.
 */
export function recheckOf(ctx: RequestContext, permission?: Permission): () => Promise<void> {
  return async () => {
    const { role } = await getSignedIn(ctx, await ctx.identify());
    if (permission !== undefined) assertMay(role, permission);
  };
}

/** Logs a failure that is not the caller's mistake. Call it once per failure. */
export function logFailure(ctx: { app: AppContext; requestId: string | null }, error: unknown, route: string): void {
  const { severity } = classifyError(error, ctx.requestId);
  if (severity === 'expected') return;
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (severity === 'infrastructure') ctx.app.events.mongoError({ err: cause, source: 'request' });
  else ctx.app.log.error({ err: cause, requestId: ctx.requestId, route }, 'request failed');
}
