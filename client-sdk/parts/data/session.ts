/**
 * The session, shared by all tabs. The token is in localStorage, because the redirect from Paystack must not end the
 * session. That redirect is a full page load, often in a new tab. The content security policy allows no foreign scripts. Unlike a
 * cookie, a bearer token cannot be sent by another site.
 */
import type { RenewedToken, Session } from '@orders-module/client';
import { useSyncExternalStore } from 'react';
import { parseSession, SESSION_KEY } from './stored-session.ts';

const CHANGED = 'storefront:session';

/** Stored in the place of a session that the server has ended, so that other tabs keep what was typed in them as well. */
const ENDED = JSON.stringify({ ended: true });

interface Held {
  text: string | null;
  session: Session | null;
  /** The server has refused its token. This tab keeps its page, under the sign-in form, until its owner signs in again. */
  ended: boolean;
}

let held: Held = { text: null, session: null, ended: false };

function hold(): Held {
  const text = read();
  if (text === held.text) return held;
  const { session } = held;
  held =
    text === ENDED ? { text, session, ended: session !== null } : { text, session: parseSession(text), ended: false };
  return held;
}

/**
 * The session whose pages this tab shows; null if there is none. Its expiry is not checked here, because a device's clock may
 * be hours off. The server reports it at the next call, and every page makes one on focus, for the cart's count.
 */
export function currentSession(): Session | null {
  return hold().session;
}

/** True if the server has ended the current session. */
export function hasSessionEnded(): boolean {
  return hold().ended;
}

/** For calls; null without a session that is live as far as this page knows. */
export function currentToken(): string | null {
  const { session, ended } = hold();
  return ended ? null : (session?.token ?? null);
}

let isSigningOut = false;

/** While this page signs out, the server may refuse other calls: that is no reason to sign in again. */
export function setSigningOut(value: boolean): void {
  isSigningOut = value;
}

/** The server has refused the session's token. */
export function expireSession(): void {
  if (currentToken() !== null && !isSigningOut) write(ENDED);
}

/** Keeps what has changed in the account. */
export function keepAccount(user: Session['user']): void {
  const { session, ended } = hold();
  if (session?.user.id === user.id && !ended) write(JSON.stringify({ ...session, user }));
}

export function startSession(session: Session): void {
  write(JSON.stringify(session));
}

/** Keeps the new token, unless another session has begun or this one has ended since the call was made. */
export function renewSession({ token, expiresAt, replaced }: RenewedToken): void {
  const session = currentSession();
  if (currentToken() === replaced) write(JSON.stringify({ ...session, token, expiresAt }));
}

export function endSession(): void {
  write(null);
}

/** Re-renders after sign-in and sign-out, in this tab and in others. */
export function useSession(): Session | null {
  return useSyncExternalStore(subscribe, currentSession, () => null);
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(subscribe, hasSessionEnded, () => false);
}

/** Returns a function that ends the subscription. */
export function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('storage', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('storage', onChange);
  };
}

/** The fallback if storage is blocked (private windows, settings): the session then ends with the page. */
let inMemory: string | null = null;

function read(): string | null {
  try {
    return window.localStorage.getItem(SESSION_KEY) ?? inMemory;
  } catch {
    return inMemory;
  }
}

function write(text: string | null): void {
  inMemory = text;
  try {
    if (text === null) window.localStorage.removeItem(SESSION_KEY);
    else window.localStorage.setItem(SESSION_KEY, text);
    // Stored, so the copy in memory is dropped: it would hide a sign-out in another tab.
    inMemory = null;
  } catch {
    // Storage is blocked: the session stays in memory.
  }
  window.dispatchEvent(new Event(CHANGED));
}
