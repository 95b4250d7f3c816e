/**
 * What a shopper's browser does at the payment page, over plain HTTP: opens it, fills in its form, presses a button and
 * goes where it is sent. Redirects are followed by hand, because where they lead is part of the story.
 */

import { type CardName, cardNamed, type Outcome } from '../paystack-sandbox/src/index.ts';
import { assert } from './assert.ts';

const HEADERS = { accept: 'text/html' };
const PATIENCE_MS = 15_000;

/** Opens the page and pays with one of the test cards. Gives the address that the page leads on to. */
export async function payByCard(pageUrl: string, card: CardName = 'success'): Promise<string> {
  const form = await openForm(pageUrl);
  const { number, cvv } = cardNamed(card);
  return submit(pageUrl, { ...form, number, cvv, action: 'card' });
}

/** Presses one of the page's buttons under "Decide what happens". Gives the address that the page leads on to. */
export async function pressButton(pageUrl: string, button: Outcome): Promise<string> {
  await openForm(pageUrl);
  return submit(pageUrl, { action: button });
}

/** Follows the way back to the shop. Gives where the shop sends the browser on to. */
export async function comeBack(callbackUrl: string): Promise<string> {
  const answer = await visit(callbackUrl);
  const { location } = answer;
  assert(answer.status === 303 && location !== null, `${callbackUrl} answered ${answer.status} and led nowhere`);
  return location;
}

/** The fields of the page's card form with the values that they are filled in with. */
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
  const answer = await visit(pageUrl, new URLSearchParams(fields));
  assert(answer.status === 303 && answer.location !== null, `the payment page answered ${answer.status} to a press`);
  return answer.location;
}

async function visit(
  url: string,
  form?: URLSearchParams,
): Promise<{ status: number; html: string; location: string | null }> {
  const answer = await fetch(url, {
    headers: HEADERS,
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(form === undefined ? {} : { method: 'POST', body: form }),
  });
  const location = answer.headers.get('location');
  return {
    status: answer.status,
    html: await answer.text(),
    location: location === null ? null : new URL(location, url).href,
  };
}
