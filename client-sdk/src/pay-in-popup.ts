/**
 * Opens the payment page of an order in Paystack's pop-up. Paystack's script is loaded by the first call and never before.
 * Whatever keeps the pop-up from opening, the browser goes to the payment page instead.
 */

/** The two fields of initializePayment's reply that open its page. */
export interface OpenedPayment {
  authorizationUrl: string;
  accessCode: string;
}

/**
 * - `done`: Paystack's window says that the payment is complete
 * - `closed`: the shopper closed it, or a bank still has to confirm the payment
 * - `page`: the pop-up did not open, and the browser is leaving for the payment page
 *
 * None of them is a proof: `orders.watch` says how the order stands.
 */
export type PopupOutcome = 'done' | 'closed' | 'page';

export interface PopupOptions {
  /** Time until Paystack's window must show its page, ms; after it the browser goes to the page. Default 15 s. */
  openingMs?: number;
}

/** Paystack's script (@paystack/inline-js, major version 2), as far as it is used. */
interface PaystackPop {
  resumeTransaction(
    accessCode: string,
    callbacks: Record<'onSuccess' | 'onCancel' | 'onLoad' | 'onError', () => void>,
  ): {
    id?: string;
  };
  cancelTransaction(transaction?: string): void;
}

type PopupClass = new () => PaystackPop;

interface ScriptElement {
  src: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  remove(): void;
}

/** The used part of the page. Without a type of its own, each program that has this file would need the browser's types. */
interface Page {
  document?: { createElement(name: 'script'): ScriptElement; head: { append(element: ScriptElement): void } };
  location: { assign(address: string): void };
  /** Set by Paystack's script. */
  PaystackPop?: PopupClass;
}

const SCRIPT = 'https://js.paystack.co/v2/inline.js';
const OPENING_MS = 15_000;

/** For browsers only. Rejects nowhere else than in a program without a page. */
export async function payInPopup(payment: OpenedPayment, options: PopupOptions = {}): Promise<PopupOutcome> {
  const page = globalThis as unknown as Page;
  const { document } = page;
  if (document === undefined) throw new Error('payInPopup needs a browser; use authorizationUrl instead');
  const opensBy = Date.now() + (options.openingMs ?? OPENING_MS);
  try {
    const Popup = await withTimeout(loadScript(document, page), opensBy);
    return await open(new Popup(), payment.accessCode, opensBy);
  } catch {
    page.location.assign(payment.authorizationUrl);
    return 'page';
  }
}

/** Rejects when Paystack's window does not show its page in time. */
function open(popup: PaystackPop, accessCode: string, opensBy: number): Promise<PopupOutcome> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (settle: () => void) => () => {
      clearTimeout(timer);
      if (isOver) return;
      isOver = true;
      settle();
    };
    const giveUp = end(() => {
      // Also when the frame is blocked, whose dark background would stay over the page.
      popup.cancelTransaction();
      reject(new Error('the pop-up does not open'));
    });
    const timer = setTimeout(giveUp, opensBy - Date.now());
    popup.resumeTransaction(accessCode, {
      onLoad: () => clearTimeout(timer),
      onSuccess: end(() => resolve('done')),
      onCancel: end(() => resolve('closed')),
      onError: giveUp,
    });
  });
}

function withTimeout<T>(work: Promise<T>, by: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too late')), by - Date.now());
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

const loading = new WeakMap<object, Promise<PopupClass>>();

/** Loads the script once in a page; the next call tries again after a failure. */
function loadScript(document: NonNullable<Page['document']>, page: Page): Promise<PopupClass> {
  const known = loading.get(document);
  if (known !== undefined) return known;
  const loaded = new Promise<PopupClass>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = SCRIPT;
    script.onload = () => {
      if (page.PaystackPop) resolve(page.PaystackPop);
      else reject(new Error('the script is another one'));
    };
    script.onerror = () => {
      script.remove();
      reject(new Error('the script is blocked or cannot be reached'));
    };
    document.head.append(script);
  });
  loading.set(document, loaded);
  loaded.catch(() => loading.delete(document));
  return loaded;
}
