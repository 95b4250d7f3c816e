/** A fake of SendGrid on loopback: it stores accepted mails, shows them on a page, and injects scripted faults. */
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
  /** The only API key that is accepted; missing: any bearer. */
  apiKey?: string;
  clock?: Clock;
  /** One line per accepted mail: its subject and key, never the address. */
  log?: (line: string) => void;
  /** A JSON file that keeps the mails across restarts; missing: they stay in memory. */
  file?: string;
}

export interface MailFilter {
  to?: string | undefined;
  key?: string | undefined;
}

export interface Mailbox {
  /** `http://127.0.0.1:<port>` without a trailing slash: SendGrid's base URL and the address of the page. */
  readonly url: string;
  readonly port: number;
  /** A copy of the accepted mails, oldest first. */
  mails(filter?: MailFilter): Mail[];
  /** Resolves to the first stored or arriving mail that `matches`; rejects after timeoutMs (5 s). */
  waitFor(matches: (mail: Mail) => boolean, options?: { timeoutMs?: number }): Promise<Mail>;
  /** Every well-formed request to send, whether or not it was accepted or answered, oldest first. */
  attempts(filter?: MailFilter): SendAttempt[];
  /** Adds a fault; the newest match applies. Returns a function that removes it. */
  script(rule: MailFault): () => void;
  clearScript(): void;
  /** Deletes mails and attempts. */
  clear(): void;
  /** Destroys connections and writes the file. May be repeated. */
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
    waitFor: (matches, { timeoutMs = WAIT_MS } = {}) => store.waitFor(matches, timeoutMs),
    attempts: ({ to, key } = {}) =>
      attempts.filter(
        (attempt) => (to === undefined || attempt.to.includes(to)) && (key === undefined || attempt.key === key),
      ),
    script: (rule) => {
      const added = { ...rule };
      faults.unshift(added);
      return () => {
        const index = faults.indexOf(added);
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

/** The controls for other processes. The page polls /count from its own origin. */
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

/** 400 for an unreadable body, 500 and a log line for a defect of the mailbox. */
function errorReply(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const unreadable = error instanceof z.ZodError || isBodyError(error);
    if (!unreadable) log(`mailbox failed: ${error instanceof Error ? error.stack : String(error)}`);
    res.status(unreadable ? 400 : 500).json(errorBody(unreadable ? 'Bad Request' : 'Internal error'));
  };
}

/** Resolves once it listens. Rejects if the port is taken or the file is malformed. */
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
