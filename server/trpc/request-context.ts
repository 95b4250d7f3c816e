/**
 * What a request brings: its id, its address, its unread Authorization header, and who it is from, as far as auth can
 * tell. The same for tRPC and for REST routes, which call procedures with it.
 */
import type { Request } from 'express';
import type { Types } from 'mongoose';
import { createAuth } from '../auth/auth.ts';
import type { AppContext } from '../context/app-context.ts';
import type { RequestContext } from './trpc.ts';

export type ContextOf = (req: Request) => RequestContext;

/** One per web process: it holds the outside issuer's keys. */
export function createContextOf(app: AppContext): ContextOf {
  const auth = createAuth(app);
  return (req) => {
    const { authorization } = req.headers;
    let identity: Promise<Types.ObjectId> | undefined;
    return {
      app,
      auth,
      requestId: requestIdOf(req),
      ip: req.ip ?? '',
      authorization,
      // A batch of calls bears one token, so it is verified once; who it names is read per call.
      identify() {
        identity ??= auth.identify(authorization);
        return identity;
      },
    };
  };
}

/** The id that the log, the reply's header and INTERNAL errors carry. */
export function requestIdOf(req: Request): string {
  return String(req.id);
}
