/** The benchmarks need only these parts of autocannon 9, which ships no types. */
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
    /** Requests per second over all connections; without it, each connection sends as soon as it has a reply. */
    overallRate?: number;
    /** `setupRequest` receives the defaults and returns the request to send. */
    requests: { setupRequest(request: SentRequest): SentRequest }[];
  }

  interface Result {
    /** ms */
    latency: { p50: number; p99: number };
    requests: { total: number };
    /** Seconds. */
    duration: number;
    non2xx: number;
    errors: number;
  }

  interface Running extends PromiseLike<Result> {
    /** Ends the run early, after the replies to requests in progress. */
    stop(): void;
  }

  export default function autocannon(options: Options): Running;
}
