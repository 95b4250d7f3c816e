import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type Mail, mailSchema, type NewMail } from './mail.ts';

const SAVE_DELAY_MS = 100;
/** Saving takes at most one part in so many of the time, however many mails there are. */
const PAUSE_PER_SAVE = 20;

function load(file: string): Mail[] {
  return existsSync(file) ? z.array(mailSchema).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

export class MailStore {
  /** Oldest first. */
  readonly mails: Mail[];
  private readonly file: string | null;
  private readonly now: () => Date;
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private saveTimer: NodeJS.Timeout | null = null;
  private saveDelayMs = SAVE_DELAY_MS;

  /** With null the mails stay in memory. Throws if the file is malformed. */
  constructor(file: string | null, now: () => Date) {
    this.file = file;
    this.now = now;
    if (file !== null) mkdirSync(path.dirname(file), { recursive: true });
    this.mails = file === null ? [] : load(file);
  }

  /** Stores the mails of one request under one message id. */
  accept(mails: NewMail[]): string {
    const messageId = randomBytes(16).toString('base64url');
    const at = this.now().toISOString();
    for (const mail of mails) {
      const stored = { ...mail, id: (this.mails.at(-1)?.id ?? 0) + 1, at, messageId };
      this.mails.push(stored);
      this.arrivals.emit('mail', stored);
    }
    this.saveSoon();
    return messageId;
  }

  onArrival(listener: (mail: Mail) => void): void {
    this.arrivals.on('mail', listener);
  }

  clear(): void {
    this.mails.length = 0;
    this.saveSoon();
  }

  /** Resolves to the first stored or arriving mail that `matches`. The rejection after `timeoutMs` lists the stored subjects. */
  waitFor(matches: (mail: Mail) => boolean, timeoutMs: number): Promise<Mail> {
    const stored = this.mails.find(matches);
    if (stored !== undefined) return Promise.resolve(stored);
    return new Promise((resolve, reject) => {
      const onMail = (mail: Mail): void => {
        if (!matches(mail)) return;
        stop();
        resolve(mail);
      };
      const timer = setTimeout(() => {
        stop();
        const subjects = this.mails.map((mail) => `"${mail.subject}"`).join(', ') || 'none';
        reject(new Error(`the mail did not arrive within ${timeoutMs} ms; stored mails: ${subjects}`));
      }, timeoutMs);
      const stop = (): void => {
        clearTimeout(timer);
        this.arrivals.off('mail', onMail);
      };
      this.arrivals.on('mail', onMail);
    });
  }

  close(): void {
    if (this.saveTimer === null) return;
    clearTimeout(this.saveTimer);
    this.save();
  }

  private saveSoon(): void {
    if (this.file === null) return;
    this.saveTimer ??= setTimeout(() => this.save(), this.saveDelayMs);
  }

  private save(): void {
    this.saveTimer = null;
    if (this.file === null) return;
    const startedAt = performance.now();
    writeFileSync(`${this.file}.new`, JSON.stringify(this.mails));
    renameSync(`${this.file}.new`, this.file);
    this.saveDelayMs = Math.max(SAVE_DELAY_MS, PAUSE_PER_SAVE * (performance.now() - startedAt));
  }
}
