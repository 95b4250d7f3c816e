import type { RequestHandler } from 'express';
import { findUserByEmail } from '../../models/accounts/find-user.ts';
import { may, type Permission } from '../../models/contract/permissions.ts';
import { toEmailAddress } from '../../models/contract/typed/email-address.ts';
import { AppError } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { AcceptedPasswords } from './accepted-passwords.ts';
import { passwordFits } from './passwords.ts';

const MAX_CREDENTIALS_LENGTH = 1_000;

/**
 * HTTP Basic against accounts whose role has the permission, for pages that a browser opens without our client (Agendash).
 * The role is read at each request. Unknown emails, wrong passwords and accounts without the permission get the same answer
 * after the same time. Calls and failures count together with those of the API.
 */
export function authenticateStaff(ctx: AppContext, permission: Permission): RequestHandler {
  const accepted = new AcceptedPasswords();
  const mayPass = async (email: string, password: string, ip: string): Promise<boolean> => {
    ctx.limits.countCall({ ip });
    const user = await findUserByEmail(ctx.db, email);
    const passwordHash = user?.passwordHash;
    const mayEnter = user !== null && may(user.role, permission) && passwordHash !== undefined;
    if (mayEnter && accepted.has(passwordHash, password)) return true;
    const staff = await ctx.limits.countSignIn({ ip, email }, async () => {
      // Checked without the permission as well, so that all answers take the same time.
      const fits = await passwordFits(passwordHash, password);
      return fits && mayEnter ? { passwordHash } : null;
    });
    if (!staff) return false;
    accepted.add(staff.passwordHash, password);
    return true;
  };
  return async (req, res, next) => {
    const credentials = readBasic(req.headers.authorization);
    if (credentials && (await mayPass(credentials.email, credentials.password, req.ip ?? ''))) return next();
    // Accounts of an outside issuer have no password here: a browser's dialog for one would lead nowhere.
    if (ctx.config.auth.kind === 'jwks')
      return next(new AppError('UNAUTHENTICATED', 'Open this page by its link on the staff page.'));
    res.setHeader('www-authenticate', 'Basic realm="Jobs", charset="UTF-8"');
    next(new AppError('UNAUTHENTICATED', 'Sign in with an account of staff that may see this page.'));
  };
}

function readBasic(header: string | undefined): { email: string; password: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined || encoded.length > MAX_CREDENTIALS_LENGTH) return null;
  const [email, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (email === undefined || password.length === 0) return null;
  return { email: toEmailAddress(email), password: password.join(':') };
}
