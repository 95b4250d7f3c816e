/**
 * The desk for each role, by the table of permissions. Pages of others are offered nowhere, and opened by hand they are no
 * pages. No call that a page makes by itself is refused.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { may, type Permission, STAFF_ROLES, type StaffRole } from '../../models/contract/permissions.ts';
import { ORDER_ACTIONS, permissionOf } from '../../models/contract/staff/order-actions.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeConfirmedOrder } from './place-order.ts';

jest.setTimeout(240_000);

let shop: BrowserShop;
let productId: string;
let orderId: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  const variant = await stockVariant(shop.app.db, { title: 'Raffia basket', stock: 2 });
  ({ productId } = variant);
  ({ orderId } = await placeConfirmedOrder(shop.app, await shop.app.signUp(), [{ variant }]));
});
afterAll(() => shop.close());

/** The stream of changes stays open, so the network is never idle. */
async function loaded(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await eventually('the content', async () => (await page.locator('.loading').count()) === 0);
}

/** Of the sidebar. */
const PLACES: Readonly<Record<string, Permission>> = {
  Today: 'viewOrders',
  Orders: 'viewOrders',
  'Needs attention': 'viewOrders',
  Products: 'viewCatalogue',
  Disputes: 'viewOrders',
  Payouts: 'viewPayouts',
  People: 'people',
  Jobs: 'jobs',
  Settings: 'settings',
};

const PAGES: readonly (readonly [path: () => string, only: Permission])[] = [
  [() => '', 'viewOrders'],
  [() => '/orders', 'viewOrders'],
  [() => `/orders/${orderId}`, 'viewOrders'],
  [() => '/attention', 'viewOrders'],
  [() => '/disputes', 'viewOrders'],
  [() => '/ship-many', 'shipMany'],
  [() => '/products', 'viewCatalogue'],
  [() => `/products/${productId}`, 'viewCatalogue'],
  [() => '/products/new', 'editCatalogue'],
  [() => '/products/import', 'editCatalogue'],
  [() => '/payouts', 'viewPayouts'],
  [() => '/people', 'people'],
  [() => '/jobs', 'jobs'],
  [() => '/settings', 'settings'],
];

describe.each(STAFF_ROLES)('for a %s', (role) => {
  test('the sidebar has the places of the role, each page opens or is none, and no call of a page is refused', async () => {
    const { page, problems } = await shop.openAsUser({ role });
    await page.goto(`${shop.app.url}/desk`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const bar = page.getByRole('navigation', { name: 'Main' }).first();
    const names = await bar.getByRole('listitem').allInnerTexts();
    expect(names.map((name) => name.trim())).toEqual(
      Object.keys(PLACES).filter((name) => may(role, PLACES[name] ?? 'people')),
    );
    const seen: [string, boolean][] = [];
    for (const [path] of PAGES) {
      await page.goto(`${shop.app.url}/desk${path()}`);
      await loaded(page);
      seen.push([path(), (await page.getByRole('heading', { name: 'There is no such page' }).count()) === 0]);
    }
    expect(seen).toEqual(PAGES.map(([path, only]) => [path(), may(role, only)]));
    expect(problems).toEqual([]);
  });

  test('no page links to a page that the role may not open', async () => {
    const { page } = await shop.openAsUser({ role });
    for (const [path, only] of PAGES) {
      if (!may(role, only)) continue;
      await page.goto(`${shop.app.url}/desk${path()}`);
      await loaded(page);
      const hrefs = await page.locator('a[href^="/desk"]').evaluateAll((links) => {
        return links.map((link) => (link as unknown as { pathname: string }).pathname);
      });
      const forbidden = hrefs.filter((href) => {
        const known = PAGES.find(([to]) => `/desk${to()}` === href);
        return known !== undefined && !may(role, known[1]);
      });
      expect([path(), forbidden]).toEqual([path(), []]);
    }
  });

  test('chosen orders can be shipped, tagged and exported by those who may, and printed by all', async () => {
    const { page } = await shop.openAsUser({ role });
    await page.goto(`${shop.app.url}/desk/orders`);
    await loaded(page);
    await page.getByRole('checkbox').last().check();
    const bar = page.getByRole('region', { name: 'Chosen orders' });
    await bar.waitFor();
    const offered = async (name: RegExp) => (await bar.getByText(name).count()) > 0;
    expect({
      ship: await offered(/^Ship/),
      tag: await offered(/tag/i),
      export: await offered(/^Export/),
      print: await offered(/^Print/),
    }).toEqual({
      ship: may(role, 'shipMany'),
      tag: may(role, 'setTags'),
      export: may(role, 'exportOrders'),
      print: true,
    });
  });

  test('an order offers the actions that its list allows, and no others', async () => {
    const { page, user } = await shop.openAsUser({ role });
    await page.goto(`${shop.app.url}/desk/orders/${orderId}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await loaded(page);
    const { actions } = await user.client.admin.order.query({ id: orderId });
    for (const [action, button] of Object.entries(BUTTONS)) {
      const isAllowed = actions.some((one) => one.action === action && one.allowed);
      const isOffered = (await page.getByRole('button', { name: button }).count()) > 0;
      expect([action, isOffered]).toEqual([action, isAllowed]);
      if (isAllowed) expect(mayAct(role, action)).toBe(true);
    }
  });
});

/** The buttons of a confirmed order. */
const BUTTONS: Readonly<Record<string, RegExp>> = {
  ship: /^Ship/,
  cancel: /^Cancel/,
  refund: /^Refund/,
  addNote: /note/i,
};

function mayAct(role: StaffRole, action: string): boolean {
  const known = ORDER_ACTIONS.find((one) => one === action);
  return known !== undefined && may(role, permissionOf(known));
}
