/** The parts of autocannon 9 that the benchmarks use; the package ships no types. */
declare module 'autocannon' {
  interface SentRequest {
    method?: 'GET' | 'POST';
    path?: string;
    headers?: Record<string, string>;
    body?: string;
  }

  interface Options {
    url: string;
    connections: number;
    /** Seconds. */
    duration: number;
    /** Requests a second over all connections; without it, as many as are answered. */
    overallRate?: number;
    /** `setupRequest` makes each request from the one before it. */
    requests: { setupRequest(request: SentRequest): SentRequest }[];
  }

  interface Result {
    /** ms */
    latency: { p50: number; p99: number };
    requests: { total: number };
    /** Seconds that it took. */
    duration: number;
    non2xx: number;
    errors: number;
  }

  interface Running extends PromiseLike<Result> {
    /** Ends it before its time, once what is under way has been answered. */
    stop(): void;
  }

  export default function autocannon(options: Options): Running;
}
