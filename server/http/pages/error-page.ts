/** Errors as pages, for browsers: what has happened, that a payment is not lost by it, and ways on. */
import type { Request } from 'express';
import { escapeHtml } from '../../email/templates/plain-text.ts';
import type { WireError } from '../classify-error.ts';
import { isReturn } from './page-request.ts';

export interface ErrorPageOptions {
  shopName: string;
  /** Of the storefront, without a slash at its end. */
  storefrontUrl: string;
  /** Paths of the storefront's style sheets. */
  styleSheets: readonly string[];
}

/** A whole page without a script, so that it needs nothing but itself. */
export function renderErrorPage(
  error: WireError,
  req: Request,
  { shopName, storefrontUrl, styleSheets }: ErrorPageOptions,
): string {
  const { title, texts } = wordsOf(error, req);
  const canRepeat = error.code !== 'NOT_FOUND' && error.code !== 'INVALID_INPUT';
  const links = [
    ...(canRepeat ? [['Try again', ''] as const] : []),
    ['Your orders', `${storefrontUrl}/orders`] as const,
    ['To the shop', `${storefrontUrl}/`] as const,
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">',
    `<title>${escapeHtml(`${title} · ${shopName}`)}</title>`,
    ...styleSheets.map((path) => `<link rel="stylesheet" href="${escapeHtml(path)}">`),
    '</head><body><main id="main"><div class="page page-narrow"><div class="empty">',
    `<h1 class="empty-title">${escapeHtml(title)}</h1>`,
    ...texts.map((text) => `<p>${escapeHtml(text)}</p>`),
    '<div class="actions">',
    ...links.map(([name, to], index) => {
      return `<a class="button${index === 0 ? '' : ' button-secondary'}" href="${escapeHtml(to)}">${name}</a>`;
    }),
    '</div></div></div></main></body></html>',
  ].join('\n');
}

const NOT_LOST =
  'If you have paid, nothing is lost: your order is confirmed by email, and it stands among your orders on this site.';

function wordsOf({ code, message }: WireError, req: Request): { title: string; texts: string[] } {
  const ofPayment = isReturn(req);
  const texts = ofPayment ? [NOT_LOST] : [];
  switch (code) {
    case 'NOT_FOUND':
      if (!ofPayment) return { title: 'There is no such page', texts: ['The link may be old or mistyped.'] };
      return {
        title: 'We know no such payment',
        texts: [noPaymentWith(referenceIn(req)), ...texts],
      };
    case 'OVERLOADED':
    case 'RATE_LIMITED':
      return { title: 'One moment, please', texts: [message, ...texts] };
    default:
      return { title: 'This did not work', texts: [message, ...texts] };
  }
}

const MAX_SHOWN = 60;

function noPaymentWith(reference: string): string {
  if (reference === '') return 'The link names no payment; its end may be missing.';
  return `No payment here has the reference “${reference}”. The link may be incomplete.`;
}

/** All that follows the route's own part. */
function referenceIn({ path }: Request): string {
  const typed = path.split('/').slice(3).join('/').replace(/\/$/, '');
  return typed.length > MAX_SHOWN ? `${typed.slice(0, MAX_SHOWN)}…` : typed;
}
