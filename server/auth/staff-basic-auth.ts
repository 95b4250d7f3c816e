/**
 * HTTP Basic against staff accounts, for pages that a browser opens by itself (Agendash). Answers alike, in words and in
 * time, for unknown emails, wrong passwords and customers; calls and failures count together with those of the API.
 */
import type { RequestHandler } from 'express';
import { findUserByEmail } from '../../models/accounts/find-user.ts';
import { AppError } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { passwordFits } from './passwords.ts';

/** Credentials longer than this are nobody's. */
const MAX_LENGTH = 1_000;
/** A page makes dozens of requests, and argon2 costs 20 ms each: a password that fitted is remembered this long. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 100;

/** Lets staff pass; asks everybody else for credentials. */
export function authenticateStaff(ctx: AppContext): RequestHandler {
  const remembered = new Map<string, number>();
  const isStaff = async (email: string, password: string, ip: string): Promise<boolean> => {
    ctx.limits.countCall({ ip });
    const user = await findUserByEmail(ctx.db, email);
    const key = `${user?.passwordHash}\n${password}`;
    if (user?.role === 'staff' && (remembered.get(key) ?? 0) > performance.now()) return true;
    const staff = await ctx.limits.countSignIn({ ip, email }, async () => {
      const fits = await passwordFits(user?.passwordHash, password);
      return fits && user?.role === 'staff' ? user : null;
    });
    if (!staff) return false;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, performance.now() + REMEMBER_MS);
    return true;
  };
  return async (req, res, next) => {
    const credentials = readBasic(req.headers.authorization);
    if (credentials && (await isStaff(credentials.email, credentials.password, req.ip ?? ''))) return next();
    res.setHeader('www-authenticate', 'Basic realm="Jobs", charset="UTF-8"');
    next(new AppError('UNAUTHENTICATED', 'Sign in with a staff account.'));
  };
}

function readBasic(header: string | undefined): { email: string; password: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined || encoded.length > MAX_LENGTH) return null;
  const [email, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (email === undefined || password.length === 0) return null;
  return { email: email.trim().toLowerCase(), password: password.join(':') };
}
