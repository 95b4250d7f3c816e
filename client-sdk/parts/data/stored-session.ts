/** The session as it lies in localStorage. Without React, for code that runs before it is loaded. */
import type { Session } from '@orders-module/client';

export const SESSION_KEY = 'session';

/** Null if the text holds no session. */
export function parseSession(text: string | null): Session | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isSession(value) ? value : null;
  } catch {
    return null;
  }
}

/** False for a value that an older version stored in another shape. */
function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  if (!('token' in value) || !('expiresAt' in value) || !('user' in value)) return false;
  const { token, expiresAt, user } = value;
  const isText = typeof token === 'string' && typeof expiresAt === 'string';
  const isAccount = typeof user === 'object' && user !== null && 'permissions' in user && 'name' in user;
  return isText && isAccount && 'email' in user && Array.isArray(user.permissions);
}
