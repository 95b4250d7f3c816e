/**
 * Requests to a web process at a pace of the test's choosing: `closed` lanes, each waiting for its answer before it asks
 * again, measure what the process can do; `open` arrivals come at their rate whatever becomes of those before, as people do.
 * Written on node:http with prepared bodies, so that the one who asks takes little of the machine from who answers.
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Call {
  path: string;
  /** POSTs it; a GET without. */
  body?: string;
  headers?: Record<string, string>;
}

export interface Answered {
  /** 0: the connection broke or nobody answered in time. */
  status: number;
  tookMs: number;
}

const PATIENCE_MS = 20_000;
const TICK_MS = 20;

export class Caller {
  readonly #agent: Agent;
  readonly #url: string;

  /** At most so many connections, kept open between requests as a balancer keeps them. */
  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  }

  /** Opens all connections: Node accepts one a turn of its loop, so a busy process takes long over new ones. */
  async connect(path: string): Promise<void> {
    await Promise.all(Array.from({ length: this.#agent.maxSockets }, () => this.ask({ path })));
  }

  ask({ path, body, headers = {} }: Call): Promise<Answered> {
    const beganAt = performance.now();
    return new Promise((resolve) => {
      const done = (status: number) => resolve({ status, tookMs: performance.now() - beganAt });
      const json =
        body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` };
      const sent = request(
        `${this.#url}${path}`,
        {
          method: body === undefined ? 'GET' : 'POST',
          agent: this.#agent,
          headers: { ...json, ...headers },
          timeout: PATIENCE_MS,
        },
        (reply) => {
          reply.resume();
          reply.once('end', () => done(reply.statusCode ?? 0));
          reply.once('error', () => done(0));
        },
      );
      sent.once('timeout', () => sent.destroy());
      sent.once('error', () => done(0));
      sent.end(body);
    });
  }

  /** So many lanes for so long; the answers of all. */
  async closed(lanes: number, forMs: number, next: () => Call): Promise<Answered[]> {
    const answers: Answered[] = [];
    const endsAt = performance.now() + forMs;
    const lane = async () => {
      while (performance.now() < endsAt) answers.push(await this.ask(next()));
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return answers;
  }

  /** So many a second for so long, then waits for the last answer. Those that were answered before the end are `inTime`. */
  async open(perSecond: number, forMs: number, next: () => Call): Promise<{ answers: Answered[]; inTime: Answered[] }> {
    const asked: Promise<Answered>[] = [];
    const inTime: Answered[] = [];
    const beganAt = performance.now();
    let over = false;
    for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - beganAt) {
      const due = Math.floor((perSecond * elapsed) / 1_000);
      while (asked.length < due) {
        asked.push(
          this.ask(next()).then((answer) => {
            if (!over) inTime.push(answer);
            return answer;
          }),
        );
      }
      await delay(TICK_MS);
    }
    over = true;
    return { answers: await Promise.all(asked), inTime };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The value below which this share of the answers lies, ms. */
export function percentile(answers: readonly Answered[], share: number): number {
  const sorted = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
