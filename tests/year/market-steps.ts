/** The steps of customers, cardholders, banks and Paystack, about which the shop decides nothing. */
import type { Ledger } from '../../dev/paystack-sandbox/src/index.ts';
import { newSales, payLate, type Sales, sell } from './customers.ts';
import type { Market } from './market.ts';
import {
  decideDisputes,
  nothingOutside,
  type Outside,
  openDisputes,
  refundAtDashboard,
  scriptFaults,
} from './outside.ts';

export interface MarketReport {
  sales: Sales;
  outside: Outside;
  /** References of charges that somebody refunded at Paystack's dashboard. */
  refundedOutside: readonly string[];
  ledger: Ledger;
}

/** Called one after another; each resolves when the webhooks that it causes have replies. */
export class MarketSteps {
  readonly #market: Market;
  readonly #sales = newSales();
  readonly #outside = nothingOutside();

  constructor(market: Market) {
    this.#market = market;
  }

  async paystackUrl(): Promise<string> {
    return this.#market.sandbox.url;
  }

  /** Faults of the coming day, and what customers pay late. */
  async beginDay(): Promise<void> {
    scriptFaults(this.#market, this.#outside);
    payLate(this.#market, this.#sales);
    await this.#market.sandbox.webhooksIdle();
  }

  /** Customers buy until `orders` orders were placed in all. Resolves to the counts so far. */
  async sellUntil(orders: number): Promise<Pick<Sales, 'orders' | 'paid'>> {
    await sell(this.#market, this.#sales, orders - this.#sales.orders);
    const paid = this.#sales.lately.splice(0);
    openDisputes(this.#market, this.#outside, paid);
    await refundAtDashboard(this.#market, this.#outside, paid);
    await this.#market.sandbox.webhooksIdle();
    return { orders: this.#sales.orders, paid: this.#sales.paid };
  }

  /** After the clock was moved on: what has become due at Paystack happens. */
  async catchUp(): Promise<void> {
    this.#market.sandbox.advanceClock(0);
    await this.#market.sandbox.webhooksIdle();
  }

  /** Refunds and disputes are decided, and webhooks that were held arrive in any order. */
  async endDay(): Promise<void> {
    const { sandbox, random } = this.#market;
    await this.decide();
    await sandbox.releaseWebhooks({ order: 'shuffled', random: () => random.next() });
    sandbox.clearWebhookRules();
    // A year's log of requests would fill the memory.
    sandbox.clearRequests();
  }

  async endFaults(): Promise<void> {
    this.#market.sandbox.clearScript();
    this.#market.sandbox.clearWebhookRules();
  }

  async decide(): Promise<void> {
    decideDisputes(this.#market, this.#outside);
    this.#market.sandbox.finishRefunds();
    await this.#market.sandbox.webhooksIdle();
  }

  async hasOpenDispute(): Promise<boolean> {
    return (['awaiting-merchant-feedback', 'awaiting-bank-feedback', 'pending'] as const).some(
      (status) => this.#market.sandbox.disputes(status).length > 0,
    );
  }

  async report(): Promise<MarketReport> {
    const { sandbox, refundedOutside } = this.#market;
    return { sales: this.#sales, outside: this.#outside, refundedOutside, ledger: sandbox.ledger() };
  }

  async stop(): Promise<void> {
    await this.#market.stop();
  }
}
