/** The context of a request, the same for tRPC and for the REST routes, which call procedures with it. */
import type { Request } from 'express';
import { touchSession } from '../../models/accounts/sessions/sessions.ts';
import { createAuth, type IssuedToken } from '../auth/auth.ts';
import type { Identity } from '../auth/verified-tokens.ts';
import type { AppContext } from '../context/app-context.ts';
import type { RequestContext } from './trpc.ts';

export type ContextOf = (req: Request) => RequestContext;

/** Create one per web process: it caches the keys of the external token issuer. */
export function createContextOf(app: AppContext): ContextOf {
  const auth = createAuth(app);
  return (req) => {
    const { authorization, 'user-agent': userAgent } = req.headers;
    let identity: Promise<Identity> | undefined;
    let renewal: Promise<void> | undefined;
    return {
      app,
      auth,
      requestId: requestIdOf(req),
      ip: req.ip ?? '',
      userAgent,
      authorization,
      // All calls of a batch carry the same token, so it is verified once; each call reads the account anew.
      identify() {
        identity ??= auth.identify(authorization);
        return identity;
      },
      renewToken(of, user) {
        renewal ??= auth.renew(of, user).then(async (renewed) => {
          if (renewed === null) return;
          await touchSession(app.db, of.id, { now: app.clock.now(), until: renewed.expiresAt });
          sendToken(req, renewed);
        });
        return renewal;
      },
    };
  };
}

export const TOKEN_HEADER = 'x-session-token';
export const TOKEN_EXPIRY_HEADER = 'x-session-expires-at';

/** Adds the token to the reply, unless its headers are sent, as those of a stream are. */
function sendToken({ res }: Request, renewed: IssuedToken): void {
  if (res === undefined || res.headersSent) return;
  res.setHeader(TOKEN_HEADER, renewed.token);
  res.setHeader(TOKEN_EXPIRY_HEADER, renewed.expiresAt.toISOString());
}

/** The id that the log, the reply's header and INTERNAL errors carry. */
export function requestIdOf(req: Request): string {
  return String(req.id);
}
