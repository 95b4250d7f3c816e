/**
 * Who is signed in, in every tab. The token lies in localStorage: the way to Paystack and back is a full page load, often
 * in a new tab, and a shopper who has just paid must not be asked for a password. The page runs no script but its own
 * (content security policy), and a bearer token, unlike a cookie, is sent by nothing but our own calls. Never in a URL.
 */
import type { Session } from '@orders-module/client';
import { useSyncExternalStore } from 'react';

const KEY = 'session';
const CHANGED = 'storefront:session';

let known: { text: string | null; session: Session | null } = { text: null, session: null };

/**
 * The session as it stands now; null when nobody is signed in. Whether its token has run out only the server knows: a
 * device's clock may be hours off. It says so at the next call (data/query-client), and every page makes one when it is
 * looked at again, if only for the cart's count.
 */
export function currentSession(): Session | null {
  const text = read();
  if (text !== known.text) known = { text, session: parse(text) };
  return known.session;
}

export function startSession(session: Session): void {
  write(JSON.stringify(session));
}

export function endSession(): void {
  write(null);
}

/** Follows signing in and out, in this tab and in others. */
export function useSession(): Session | null {
  return useSyncExternalStore(subscribe, currentSession);
}

/** Calls back after each change. Gives the way out. */
export function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('storage', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('storage', onChange);
  };
}

/** Where a browser keeps nothing for us (private windows, blocked storage), the session lasts as long as the page. */
let inMemory: string | null = null;

function read(): string | null {
  try {
    return window.localStorage.getItem(KEY) ?? inMemory;
  } catch {
    return inMemory;
  }
}

function write(text: string | null): void {
  inMemory = text;
  try {
    if (text === null) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, text);
    // Kept by the browser, so that another tab's sign-out counts here too.
    inMemory = null;
  } catch {
    // Kept in memory alone.
  }
  window.dispatchEvent(new Event(CHANGED));
}

function parse(text: string | null): Session | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isSession(value) ? value : null;
  } catch {
    return null;
  }
}

/** Written by startSession alone; what an older version left behind is as good as nothing. */
function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  if (!('token' in value) || !('expiresAt' in value) || !('user' in value)) return false;
  const { token, expiresAt, user } = value;
  const isText = typeof token === 'string' && typeof expiresAt === 'string';
  return isText && typeof user === 'object' && user !== null && 'role' in user && 'name' in user && 'email' in user;
}
