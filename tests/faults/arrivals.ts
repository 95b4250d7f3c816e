/**
 * HTTP load in a closed or an open loop. The closed loop measures capacity: each worker waits for its reply before it sends
 * again. The open loop sends at a fixed rate without waiting, as independent users do. Plain node:http with prepared bodies
 * leaves most of the processor to the server.
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Call {
  path: string;
  /** Without it the request is a GET, else a POST. */
  body?: string;
  headers?: Record<string, string>;
}

export interface Answered {
  /** 0 for a broken connection or a timeout. */
  status: number;
  tookMs: number;
}

const TIMEOUT_MS = 20_000;
const TICK_MS = 20;

export class Caller {
  readonly #agent: Agent;
  readonly #url: string;

  /** Keeps up to `connections` sockets open between requests, as a load balancer does. */
  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  }

  /** Opens all connections first, because Node accepts one per event-loop tick and a busy process is slow to accept. */
  async connect(path: string): Promise<void> {
    await Promise.all(Array.from({ length: this.#agent.maxSockets }, () => this.send({ path })));
  }

  send({ path, body, headers = {} }: Call): Promise<Answered> {
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
          timeout: TIMEOUT_MS,
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

  /** Runs `workers` closed loops for `forMs`. */
  async closed(workers: number, forMs: number, next: () => Call): Promise<Answered[]> {
    const answers: Answered[] = [];
    const endsAt = performance.now() + forMs;
    const work = async () => {
      while (performance.now() < endsAt) answers.push(await this.send(next()));
    };
    await Promise.all(Array.from({ length: workers }, work));
    return answers;
  }

  /** Sends for `forMs`, then waits for the last reply. `onTime` holds the replies that arrived before `forMs` passed. */
  async open(perSecond: number, forMs: number, next: () => Call): Promise<{ answers: Answered[]; onTime: Answered[] }> {
    const sent: Promise<Answered>[] = [];
    const onTime: Answered[] = [];
    const beganAt = performance.now();
    let over = false;
    for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - beganAt) {
      const due = Math.floor((perSecond * elapsed) / 1_000);
      while (sent.length < due) {
        sent.push(
          this.send(next()).then((answer) => {
            if (!over) onTime.push(answer);
            return answer;
          }),
        );
      }
      await delay(TICK_MS);
    }
    over = true;
    return { answers: await Promise.all(sent), onTime };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** In ms; `share` from 0 to 1. */
export function percentile(answers: readonly Answered[], share: number): number {
  const sorted = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
