/**
 * Stands in the page's HTML, so that staff on slow networks read what waits after two trips. It reads the figures while the
 * code of the desk is on its way, and shows them until the desk does. It imports no library.
 */
import type { Today } from '@orders-module/client';
import { parseSession, SESSION_KEY } from '../../../parts/data/stored-session.ts';
import { type Counter, countersOf } from '../today/counters.ts';
import './begun-today.ts';

/** The desk's own call, which is repeated after this time without a response. */
const SILENCE_MS = 8_000;
/** As tRPC's batch link writes it. */
const TODAY = '/trpc/admin.today?batch=1&input=%7B%7D';

const token = /^\/desk\/?$/.test(window.location.pathname) ? tokenOfStaff() : null;
if (token !== null) {
  globalThis.begunToday = readToday(token);
  void globalThis.begunToday.then((today) => today !== null && show(countersOf(today, Date.now())));
}

function tokenOfStaff(): string | null {
  try {
    const session = parseSession(window.localStorage.getItem(SESSION_KEY));
    return session?.user.permissions.includes('viewOrders') ? session.token : null;
  } catch {
    // Storage is blocked.
    return null;
  }
}

async function readToday(bearer: string): Promise<Today | null> {
  try {
    const headers = { authorization: `Bearer ${bearer}` };
    const reply = await fetch(TODAY, { headers, signal: AbortSignal.timeout(SILENCE_MS) });
    const [answer]: { result: { data: Today } }[] = reply.ok ? await reply.json() : [];
    return answer?.result.data ?? null;
  } catch {
    return null;
  }
}

/** The frame's parts are empty; what they hold depends on the account. */
function show(counters: readonly Counter[]): void {
  const opening = document.querySelector('.opening');
  // Without it, the desk has been rendered meanwhile.
  if (opening === null) return;
  const list = element('ul', 'counters', ...counters.map((counter) => element('li', '', linkOf(counter))));
  list.setAttribute('aria-label', 'What waits');
  const page = element('div', 'page today', element('h1', '', 'Today'), list);
  const beside = element('div', 'desk-page', element('header', 'desk-top'), element('main', '', page));
  opening.replaceWith(element('div', 'desk', element('div', 'side-bar'), beside));
}

function linkOf({ to, search, name, count, more, isBad }: Counter): HTMLElement {
  const texts = [element('span', 'counter-name', name), ' ', element('span', 'counter-number', count), ' '];
  const further = more === undefined ? [] : [element('span', 'faint', more)];
  const link = element('a', isBad ? 'counter counter-bad' : 'counter', ...texts, ...further);
  link.setAttribute('href', `/desk${to}${search === undefined ? '' : `?${new URLSearchParams(search)}`}`);
  return link;
}

function element(name: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}
