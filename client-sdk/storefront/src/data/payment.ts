/**
 * The redirect to Paystack and back. The browser stores when it leaves for the payment page. After the return no tab
 * invites a second payment while one may be in progress. Paying again opens the same payment page until Paystack
 * reports a failure, and that page charges only once.
 */
import type { Order } from '@orders-module/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { LEFT_UNPAID } from '../../../../models/contract/pages/pages.ts';
import { client } from '../../../parts/data/client.ts';
import { sharedNotes, tabNotes } from '../../../parts/data/notes.ts';
import { navigate } from '../app/router.tsx';
import { cartQuery } from './cart.ts';

const noteOf = (orderId: string) => `left-to-pay:${orderId}`;

/** A visit to the payment page is taken to be over after this time. */
const VISIT_MS = 60 * 60_000;

export function leaveToPay({ orderId, authorizationUrl }: { orderId: string; authorizationUrl: string }): void {
  const now = String(Date.now());
  tabNotes.keep(noteOf(orderId), now);
  sharedNotes.keep(noteOf(orderId), now);
  window.location.assign(authorizationUrl);
}

/** The visit according to the notes of this tab and of all tabs. */
function readVisit(orderId: string): PaymentVisit {
  if (isRecent(tabNotes.read(noteOf(orderId)))) return isLeftUnpaid() ? 'unsure' : 'checking';
  return isRecent(sharedNotes.read(noteOf(orderId))) ? 'unsure' : 'none';
}

/**
 * The button to cancel was pressed on the payment page, so that nothing is expected to be on its way. A transfer may be, all
 * the same, so other tabs keep their notes. Takes the mark out of the address, because a reload says nothing new.
 */
function takeLeftUnpaid(orderId: string): void {
  if (!isLeftUnpaid()) return;
  tabNotes.drop(noteOf(orderId));
  navigate(window.location.pathname, { replace: true });
}

const isLeftUnpaid = () => new URLSearchParams(window.location.search).has(LEFT_UNPAID);

function isRecent(leftAt: string | null): boolean {
  return Date.now() - Number(leftAt ?? 0) < VISIT_MS;
}

function forget(orderId: string): void {
  tabNotes.drop(noteOf(orderId));
  sharedNotes.drop(noteOf(orderId));
}

/** Opens the payment page of an existing order: the same checkoutKey and address resume its checkout. */
export function usePayOrder() {
  const pay = useMutation({
    mutationFn: ({ shippingAddress, checkoutKey }: Order) =>
      client.orders.initializePayment.mutate({ shippingAddress, checkoutKey }),
    onSuccess: leaveToPay,
  });
  useResetOnReturn(pay.reset);
  return pay;
}

/** Opens the payment page of the order with this id. */
export function usePayOrderById() {
  const pay = useMutation({
    mutationFn: async (id: string) => {
      const { shippingAddress, checkoutKey } = await client.orders.get.query({ id });
      return client.orders.initializePayment.mutate({ shippingAddress, checkoutKey });
    },
    onSuccess: leaveToPay,
  });
  useResetOnReturn(pay.reset);
  return pay;
}

/** Browsers restore a page from the back-forward cache, where "taking you to the payment page" would remain forever. */
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
 * - none: no visit from this browser, or one that is over
 * - checking: this tab has just returned; the outcome usually arrives within seconds
 * - unsure: the outcome is unknown; the shopper may have cancelled, a bank may be slow, or another tab is still there
 */
export type PaymentVisit = 'none' | 'checking' | 'unsure';

/** Without an outcome, `checking` becomes `unsure` after this time, or once Paystack knows of no payment so long after the return. */
const CHECKING_MS = 10_000;
const PATIENCE_MS = 3_000;
/** Times after the return at which the payment is verified; later ones follow every half minute. */
const VERIFY_AFTER_MS = [0, PATIENCE_MS, 8_000];
const VERIFY_EVERY_MS = 30_000;

/** The shopper's visit to Paystack for this order. While the order is unpaid, it also has the payment verified. */
export function usePaymentVisit({ id, txRef, status, paymentStatus, lastAttemptFailed }: Order): PaymentVisit {
  const isOpen = status === 'pending' && paymentStatus === 'unpaid' && !lastAttemptFailed;
  const [visit, setVisit] = useState(() => readVisit(id));
  const queryClient = useQueryClient();
  useEffect(() => takeLeftUnpaid(id), [id]);
  useEffect(() => {
    // Another tab has left to pay, or the back-forward cache has restored this one.
    const update = () => setVisit(readVisit(id));
    window.addEventListener('storage', update);
    window.addEventListener('pageshow', update);
    return () => {
      window.removeEventListener('storage', update);
      window.removeEventListener('pageshow', update);
    };
  }, [id]);
  useEffect(() => {
    if (isOpen) return;
    // The cart in the header may have been read before the order took its lines.
    if (readVisit(id) !== 'none') void queryClient.invalidateQueries({ queryKey: cartQuery.queryKey });
    forget(id);
    setVisit('none');
  }, [isOpen, id, queryClient]);
  const giveUp = useCallback(() => {
    // The note of all tabs remains, so a reload shows `unsure` too.
    tabNotes.drop(noteOf(id));
    setVisit((now) => (now === 'checking' ? 'unsure' : now));
  }, [id]);
  useEffect(() => {
    if (!isOpen || visit !== 'checking') return;
    const timer = window.setTimeout(giveUp, CHECKING_MS);
    return () => window.clearTimeout(timer);
  }, [isOpen, visit, giveUp]);
  const isChecking = visit === 'checking';
  // Begun anew by a return.
  useEffect(() => {
    if (!isOpen) return;
    let isShown = true;
    const verify = async (afterMs: number) => {
      const status = await requestVerification(txRef);
      if (isShown && isChecking && status === 'pending' && afterMs >= PATIENCE_MS) giveUp();
    };
    const timers = VERIFY_AFTER_MS.map((afterMs) => window.setTimeout(() => void verify(afterMs), afterMs));
    const interval = window.setInterval(() => void verify(VERIFY_EVERY_MS), VERIFY_EVERY_MS);
    return () => {
      isShown = false;
      for (const timer of timers) window.clearTimeout(timer);
      window.clearInterval(interval);
    };
  }, [isOpen, isChecking, txRef, giveUp]);
  return isOpen ? visit : 'none';
}

/**
 * Makes the server verify a payment with Paystack, by the route of Paystack's redirect. The order itself arrives by the
 * subscription. Null if there was no answer. Repeats are cheap: the server's verification is single-flight.
 */
async function requestVerification(txRef: string): Promise<unknown> {
  const path = `/orders/verify-payment/${encodeURIComponent(txRef)}`;
  try {
    const reply = await fetch(path, { headers: { accept: 'application/json' } });
    const body: { status?: unknown } = reply.ok ? await reply.json() : {};
    return body.status ?? null;
  } catch {
    return null;
  }
}
