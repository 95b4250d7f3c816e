import type { Request, RequestHandler } from 'express';
import { assertMay } from '../../models/accounts/assert-may.ts';
import { findAccount } from '../../models/accounts/find-user.ts';
import type { Permission } from '../../models/contract/permissions.ts';
import { AppError } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { type Auth, createAuth } from './auth.ts';

const COOKIE = 'staff-session';
/** Browsers take it over https only. `__Host-` would need the path `/`; the cookie is for these pages alone. */
const SECURE_COOKIE = `__Secure-${COOKIE}`;
/** Browsers keep 4,096 bytes of a cookie, its name and attributes among them. */
const MAX_TOKEN_LENGTH = 3_800;

export interface StaffCookie {
  /** POST with a bearer token of staff: gives the page at `path` the token as a cookie, which no script reads. */
  signIn: RequestHandler;
  /** True when the request's cookie is a live session of an account with the permission now. */
  admits(req: Request): Promise<boolean>;
}

/**
 * For pages that a browser opens without our client. The cookie holds the caller's own token: its expiry, the end of the
 * session and a change of the role count at each request. Other sites cannot send it.
 */
export function createStaffCookie(ctx: AppContext, path: string, permission: Permission): StaffCookie {
  const auth = createAuth(ctx);
  const [name, secure] = ctx.config.production ? [SECURE_COOKIE, '; Secure'] : [COOKIE, ''];
  const findToken = new RegExp(`(?:^|;\\s*)${name}=([\\w.-]{1,4000})(?:;|$)`);
  return {
    signIn: (req, res, next) => {
      const { authorization } = req.headers;
      assertStaff(ctx, auth, { authorization, permission, ip: req.ip ?? '' }).then(() => {
        const token = authorization?.slice('Bearer '.length) ?? '';
        if (token.length > MAX_TOKEN_LENGTH)
          throw new AppError('FORBIDDEN', 'The token of this session is too long for a cookie.');
        res.setHeader('set-cookie', `${name}=${token}; Path=${path}; HttpOnly; SameSite=Strict${secure}`);
        res.setHeader('cache-control', 'no-store');
        res.status(204).end();
      }, next);
    },
    async admits(req) {
      const token = findToken.exec(req.headers.cookie ?? '')?.[1];
      if (token === undefined) return false;
      try {
        await assertStaff(ctx, auth, { authorization: `Bearer ${token}`, permission, ip: req.ip ?? '' });
        return true;
      } catch (error) {
        if (error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN')) return false;
        throw error;
      }
    },
  };
}

interface StaffRequest {
  authorization: string | undefined;
  permission: Permission;
  ip: string;
}

async function assertStaff(
  ctx: AppContext,
  auth: Auth,
  { authorization, permission, ip }: StaffRequest,
): Promise<void> {
  const identity = await auth.identify(authorization).catch((error: unknown) => {
    ctx.limits.countCall({ ip });
    throw error;
  });
  ctx.limits.countCall({ userId: identity.userId.toHexString() });
  const user = await findAccount(ctx.db, identity.userId);
  if (user === null) throw new AppError('UNAUTHENTICATED', 'Sign in to continue.');
  auth.assertLive(identity, user);
  assertMay(user.role, permission);
}
