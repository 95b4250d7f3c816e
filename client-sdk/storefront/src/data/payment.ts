/**
 * The way to Paystack and back. A browser that has left for the payment page notes it, so that on its return the shopper
 * is told that the payment is being checked, and is not asked to pay again while one may be under way, in whichever tab.
 * Paying an order once more leads to the same payment page until Paystack says that it failed, and Paystack takes money
 * there only once.
 */
import type { Order } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from './client.ts';
import { sharedNotes, tabNotes } from './notes.ts';

const noteOf = (orderId: string) => `left-to-pay:${orderId}`;

/** After so long nobody is on a payment page any more, ms. */
const VISIT_MS = 60 * 60_000;

/** Leaves for the payment page. */
export function leaveToPay({ orderId, authorizationUrl }: { orderId: string; authorizationUrl: string }): void {
  const now = String(Date.now());
  tabNotes.keep(noteOf(orderId), now);
  sharedNotes.keep(noteOf(orderId), now);
  window.location.assign(authorizationUrl);
}

/** What the notes tell: this tab has just been there, another one may still be. */
function noted(orderId: string): PaymentVisit {
  if (isRecent(tabNotes.read(noteOf(orderId)))) return 'checking';
  return isRecent(sharedNotes.read(noteOf(orderId))) ? 'unsure' : 'none';
}

function isRecent(leftAt: string | null): boolean {
  return Date.now() - Number(leftAt ?? 0) < VISIT_MS;
}

function forget(orderId: string): void {
  tabNotes.drop(noteOf(orderId));
  sharedNotes.drop(noteOf(orderId));
}

/** Opens the payment page of an order that stands: the same checkoutKey and address resume it. */
export function usePayOrder() {
  const pay = useMutation({
    mutationFn: ({ shippingAddress, checkoutKey }: Order) =>
      client.orders.initializePayment.mutate({ shippingAddress, checkoutKey }),
    onSuccess: leaveToPay,
  });
  useResetOnReturn(pay.reset);
  return pay;
}

/** Browsers bring a page back as it was left; "taking you to the payment page" would then stand there for ever. */
export function useResetOnReturn(reset: () => void): void {
  useEffect(() => {
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) reset();
    };
    window.addEventListener('pageshow', onShow);
    return () => window.removeEventListener('pageshow', onShow);
  }, [reset]);
}

/**
 * - none: the shopper has not been to Paystack from this browser, or long ago
 * - checking: this tab is just back; the answer usually comes within seconds
 * - unsure: nothing was heard yet; they may have left without paying, a bank may be slow, or another tab is there
 */
export type PaymentVisit = 'none' | 'checking' | 'unsure';

/** After so long without an answer the page says that it does not know yet, ms. */
const CHECKING_MS = 10_000;
/** When Paystack is asked while the shopper waits, ms after coming back; then every half minute. */
const ASK_AFTER_MS = [0, 3_000, 8_000];
const ASK_EVERY_MS = 30_000;

/** What is known of the shopper's visit to Paystack for this order, while it is unpaid. Asks the server to ask. */
export function usePaymentVisit({ id, txRef, status, paymentStatus, lastAttemptFailed }: Order): PaymentVisit {
  const isOpen = status === 'pending' && paymentStatus === 'unpaid' && !lastAttemptFailed;
  const [visit, setVisit] = useState(() => noted(id));
  useEffect(() => {
    // Another tab has left to pay, or this one was brought back as it stood before it left.
    const lookAgain = () => setVisit(noted(id));
    window.addEventListener('storage', lookAgain);
    window.addEventListener('pageshow', lookAgain);
    return () => {
      window.removeEventListener('storage', lookAgain);
      window.removeEventListener('pageshow', lookAgain);
    };
  }, [id]);
  useEffect(() => {
    if (isOpen) return;
    forget(id);
    setVisit('none');
  }, [isOpen, id]);
  useEffect(() => {
    if (!isOpen || visit !== 'checking') return;
    const timer = window.setTimeout(() => {
      // This tab has waited long enough; it is now as unsure as any other.
      tabNotes.drop(noteOf(id));
      setVisit('unsure');
    }, CHECKING_MS);
    return () => window.clearTimeout(timer);
  }, [isOpen, visit, id]);
  useEffect(() => {
    if (!isOpen) return;
    const timers = ASK_AFTER_MS.map((afterMs) => window.setTimeout(() => void askPaystack(txRef), afterMs));
    const interval = window.setInterval(() => void askPaystack(txRef), ASK_EVERY_MS);
    return () => {
      for (const timer of timers) window.clearTimeout(timer);
      window.clearInterval(interval);
    };
  }, [isOpen, txRef]);
  return isOpen ? visit : 'none';
}

/**
 * Has the server ask Paystack about a reference, by the route that Paystack's redirect uses. Its answer is not read: what
 * it changes comes by the watched order. The server asks once for all who wait, so repeats cost nothing.
 */
async function askPaystack(txRef: string): Promise<void> {
  const path = `/orders/verify-payment/${encodeURIComponent(txRef)}`;
  await fetch(path, { headers: { accept: 'application/json' } }).catch(() => undefined);
}
