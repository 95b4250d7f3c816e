/** payInPopup against a page and a script of Paystack's that the test plays. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { payInPopup as pay } from '../../client-sdk/src/index.ts';

const PAYMENT = { authorizationUrl: 'https://checkout.paystack.com/abc', accessCode: 'abc' };

type Callbacks = Record<'onSuccess' | 'onCancel' | 'onLoad' | 'onError', () => void>;
interface Script {
  src: string;
  onload: () => void;
  onerror: () => void;
  remove(): void;
}

let scripts: Script[];
let left: string[];
let resumed: { accessCode: string; callbacks: Callbacks }[];
let cancelled: number;

class Popup {
  resumeTransaction(accessCode: string, callbacks: Callbacks) {
    resumed.push({ accessCode, callbacks });
    return {};
  }
  cancelTransaction() {
    cancelled += 1;
    resumed.at(-1)?.callbacks.onCancel();
  }
}

beforeEach(() => {
  [scripts, left, resumed, cancelled] = [[], [], [], 0];
  Object.assign(globalThis, {
    document: {
      createElement: () => ({ src: '', remove: () => {} }),
      head: { append: (script: Script) => scripts.push(script) },
    },
    location: { assign: (address: string) => left.push(address) },
    PaystackPop: undefined,
  });
});
afterEach(() => {
  for (const name of ['document', 'location', 'PaystackPop']) Reflect.deleteProperty(globalThis, name);
});

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Paystack's script arrives. */
async function load(): Promise<Callbacks> {
  Object.assign(globalThis, { PaystackPop: Popup });
  scripts.at(-1)?.onload();
  await turn();
  const { callbacks } = resumed.at(-1) ?? {};
  if (callbacks === undefined) throw new Error('the pop-up was not opened');
  return callbacks;
}

test.each([
  ['onSuccess', 'done'],
  ['onCancel', 'closed'],
] as const)('%s ends as %s, and the browser stays', async (callback, outcome) => {
  const paying = pay(PAYMENT);
  const callbacks = await load();
  expect(resumed[0]?.accessCode).toBe('abc');
  callbacks.onLoad();
  callbacks[callback]();
  await expect(paying).resolves.toBe(outcome);
  expect(left).toEqual([]);
});

test('the script is loaded by the first call, and once', async () => {
  expect(scripts).toEqual([]);
  const first = pay(PAYMENT);
  (await load()).onSuccess();
  await first;
  const second = pay(PAYMENT);
  await turn();
  resumed.at(-1)?.callbacks.onCancel();
  await expect(second).resolves.toBe('closed');
  expect(scripts.map(({ src }) => src)).toEqual(['https://js.paystack.co/v2/inline.js']);
});

test('a blocked script leads to the payment page, and the next call tries the script again', async () => {
  const blocked = pay(PAYMENT);
  scripts[0]?.onerror();
  await expect(blocked).resolves.toBe('page');
  expect(left).toEqual([PAYMENT.authorizationUrl]);
  const again = pay(PAYMENT);
  (await load()).onSuccess();
  await expect(again).resolves.toBe('done');
  expect(scripts).toHaveLength(2);
});

test('a script that is not Paystack’s leads to the page', async () => {
  const paying = pay(PAYMENT);
  scripts[0]?.onload();
  await expect(paying).resolves.toBe('page');
});

test('an order that Paystack’s window cannot open leads to the page', async () => {
  const paying = pay(PAYMENT);
  (await load()).onError();
  await expect(paying).resolves.toBe('page');
  expect([cancelled, left]).toEqual([1, [PAYMENT.authorizationUrl]]);
});

test('a window that shows nothing in time is closed, and the page opens; one that has its page is waited for', async () => {
  const stuck = pay(PAYMENT, { openingMs: 20 });
  await load();
  await expect(stuck).resolves.toBe('page');
  expect(cancelled).toBe(1);
  const open = pay(PAYMENT, { openingMs: 20 });
  await turn();
  resumed.at(-1)?.callbacks.onLoad();
  await new Promise((resolve) => setTimeout(resolve, 30));
  resumed.at(-1)?.callbacks.onSuccess();
  await expect(open).resolves.toBe('done');
});

test('without a page it says what to use', async () => {
  Reflect.deleteProperty(globalThis, 'document');
  await expect(pay(PAYMENT)).rejects.toThrow('authorizationUrl');
});
