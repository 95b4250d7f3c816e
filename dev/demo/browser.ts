/** The payment page over plain HTTP. Redirects are followed by hand, because the scenarios check their targets. */

import { type CardName, cardNamed, type Outcome } from '../paystack-sandbox/src/index.ts';
import { assert } from './assert.ts';

const HEADERS = { accept: 'text/html' };
const REQUEST_TIMEOUT_MS = 15_000;

/** Pays with one of the test cards. Resolves to the address that the page redirects to. */
export async function payByCard(pageUrl: string, card: CardName = 'success'): Promise<string> {
  const form = await openForm(pageUrl);
  const { number, cvv } = cardNamed(card);
  return submit(pageUrl, { ...form, number, cvv, action: 'card' });
}

/** Posts one of the buttons under "Decide what happens". Resolves to the address that the page redirects to. */
export async function pressButton(pageUrl: string, button: Outcome): Promise<string> {
  await openForm(pageUrl);
  return submit(pageUrl, { action: button });
}

/** Presses a button of a way to pay other than by card. Resolves to the address that the page redirects to. */
export function pressWay(pageUrl: string, fields: Record<string, string>): Promise<string> {
  return submit(pageUrl, fields);
}

/** Requests the shop's callback address. Resolves to the address that the shop redirects to. */
export async function returnFromPayment(callbackUrl: string): Promise<string> {
  const reply = await visit(callbackUrl);
  const { location } = reply;
  assert(reply.status === 303 && location !== null, `${callbackUrl} answered ${reply.status} without a redirect`);
  return location;
}

/** Requests a page of the shop as a browser without a session does. */
export async function openPage(address: string): Promise<void> {
  const { status, html } = await visit(address);
  assert(status === 200 && html.startsWith('<!doctype html>'), `${address} answered ${status} without a page`);
}

/** The fields of the page's card form with their default values. */
async function openForm(pageUrl: string): Promise<Record<string, string>> {
  const { status, html } = await visit(pageUrl);
  assert(status === 200, `the payment page answered ${status}`);
  const fields = [...html.matchAll(/<input name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  assert(fields.length > 0, 'the payment page shows no form');
  return Object.fromEntries(fields);
}

async function submit(pageUrl: string, fields: Record<string, string>): Promise<string> {
  const reply = await visit(pageUrl, new URLSearchParams(fields));
  assert(reply.status === 303 && reply.location !== null, `the payment page answered ${reply.status} to its form`);
  return reply.location;
}

async function visit(
  url: string,
  form?: URLSearchParams,
): Promise<{ status: number; html: string; location: string | null }> {
  const reply = await fetch(url, {
    headers: HEADERS,
    redirect: 'manual',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    ...(form === undefined ? {} : { method: 'POST', body: form }),
  });
  const location = reply.headers.get('location');
  return {
    status: reply.status,
    html: await reply.text(),
    location: location === null ? null : new URL(location, url).href,
  };
}
