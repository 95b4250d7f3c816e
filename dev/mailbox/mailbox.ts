/**
 * The mailbox stands in for SendGrid in development and in tests: our mailer speaks to it with SendGrid's own client,
 * its base URL pointed here. It keeps what it accepts, shows it on a page, and fails as told. Loopback only; nothing but
 * dev and tests may import it. The parts are in mailbox/.
 */
import { createServer } from 'node:http';
import express, { type ErrorRequestHandler, type Express } from 'express';
import * as z from 'zod';
import type { Clock } from '../../jobs/ports.ts';
import { closeServer, isBodyError, listenOnLoopback, onlyThisMachine } from '../paystack-sandbox/src/http/index.ts';
import { errorBody, type Mail } from './mail.ts';
import { mountPages } from './pages.ts';
import { type MailFault, mailFaultSchema, mountSend, type SendAttempt } from './send-route.ts';
import { MailStore } from './store.ts';

export type { Mail, MailFault, SendAttempt };

export interface MailboxOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** The only API key that is taken; missing: any bearer. */
  apiKey?: string;
  clock?: Clock;
  /** One line per accepted mail: its subject and key, never the address. */
  log?: (line: string) => void;
  /** A JSON file that keeps the mails across restarts; missing: in memory only. */
  file?: string;
}

export interface MailFilter {
  to?: string | undefined;
  key?: string | undefined;
}

export interface Mailbox {
  /** `http://127.0.0.1:<port>`, without a slash at its end: SendGrid's base URL, and the page for people. */
  readonly url: string;
  readonly port: number;
  /** Accepted mails, oldest first; a copy. */
  mails(filter?: MailFilter): Mail[];
  /** The first mail, kept or still to come, of which `wanted` is true; rejects after timeoutMs (5 s). */
  waitFor(wanted: (mail: Mail) => boolean, options?: { timeoutMs?: number }): Promise<Mail>;
  /** Every well-formed request to send, whether or not it was accepted or answered, oldest first. */
  attempts(filter?: MailFilter): SendAttempt[];
  /** Adds a fault; the newest that matches wins. Gives a function that removes it. */
  script(rule: MailFault): () => void;
  clearScript(): void;
  /** Forgets mails and attempts. */
  clear(): void;
  /** Cuts connections and writes the file. May be called twice. */
  close(): Promise<void>;
}

const WAIT_MS = 5_000;

type Controls = Omit<Mailbox, 'url' | 'port' | 'close'>;

function makeControls(store: MailStore, faults: MailFault[], attempts: SendAttempt[]): Controls {
  return {
    mails: ({ to, key } = {}) =>
      structuredClone(
        store.mails.filter((mail) => (to === undefined || mail.to === to) && (key === undefined || mail.key === key)),
      ),
    waitFor: (wanted, { timeoutMs = WAIT_MS } = {}) => store.waitFor(wanted, timeoutMs),
    attempts: ({ to, key } = {}) =>
      attempts.filter(
        (attempt) => (to === undefined || attempt.to.includes(to)) && (key === undefined || attempt.key === key),
      ),
    script: (rule) => {
      const kept = { ...rule };
      faults.unshift(kept);
      return () => {
        const index = faults.indexOf(kept);
        if (index >= 0) faults.splice(index, 1);
      };
    },
    clearScript: () => {
      faults.length = 0;
    },
    clear: () => {
      attempts.length = 0;
      store.clear();
    },
  };
}

/** The same controls under /__mailbox, for other processes. The page asks for the count, from its own origin. */
function mountControls(app: Express, controls: Controls): void {
  const router = express.Router();
  const filterSchema = z.object({ to: z.string().optional(), key: z.string().optional() });
  router.use(onlyThisMachine, express.json());
  router.get('/count', (_req, res) => res.json({ count: controls.mails().length }));
  router.get('/mails', (req, res) => res.json(controls.mails(filterSchema.parse(req.query))));
  router.get('/attempts', (req, res) => res.json(controls.attempts(filterSchema.parse(req.query))));
  router.post('/faults', (req, res) => {
    controls.script(mailFaultSchema.parse(req.body));
    res.json({});
  });
  router.delete('/faults', (_req, res) => {
    controls.clearScript();
    res.json({});
  });
  router.delete('/mails', (_req, res) => {
    controls.clear();
    res.json({});
  });
  app.use('/__mailbox', router);
}

/** A body that cannot be read is the caller's fault; anything else is ours, and loud. */
function errorReply(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const unreadable = error instanceof z.ZodError || isBodyError(error);
    if (!unreadable) log(`mailbox failed: ${error instanceof Error ? error.stack : String(error)}`);
    res.status(unreadable ? 400 : 500).json(errorBody(unreadable ? 'Bad Request' : 'Internal error'));
  };
}

/** Resolves once it listens. Rejects when the port is taken or the file holds something else than mails. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { apiKey = null, file = null, clock = { now: () => new Date() }, log = () => {} } = options;
  const now = (): Date => clock.now();
  const store = new MailStore(file, now);
  const faults: MailFault[] = [];
  const attempts: SendAttempt[] = [];
  const controls = makeControls(store, faults, attempts);
  store.onArrival((mail) => log(`mail accepted: ${mail.subject} (${mail.key ?? 'no key'})`));

  const app = express().disable('x-powered-by').disable('etag');
  mountSend(app, { apiKey, store, faults, attempts, now });
  mountPages(app, store);
  mountControls(app, controls);
  app.use(errorReply(log));
  const server = createServer(app);
  const port = await listenOnLoopback(server, options.port ?? 0);
  let closed: Promise<void> | null = null;
  return Object.assign(controls, {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      closed ??= closeServer(server).then(() => store.close());
      return closed;
    },
  });
}
