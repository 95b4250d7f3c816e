/**
 * The mails that were accepted, oldest first, optionally kept in one JSON file across restarts, and waiting for one that
 * is still to come.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type Mail, mailSchema, type NewMail } from './mail.ts';

const SAVE_DELAY_MS = 100;

function load(file: string): Mail[] {
  return existsSync(file) ? z.array(mailSchema).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

export class MailStore {
  readonly mails: Mail[];
  private readonly file: string | null;
  private readonly now: () => Date;
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private saveTimer: NodeJS.Timeout | null = null;

  /** Throws when the file holds something else than mails. */
  constructor(file: string | null, now: () => Date) {
    this.file = file;
    this.now = now;
    if (file !== null) mkdirSync(path.dirname(file), { recursive: true });
    this.mails = file === null ? [] : load(file);
  }

  /** Keeps mails under one message id, as one request to SendGrid gets one. */
  accept(mails: NewMail[]): string {
    const messageId = randomBytes(16).toString('base64url');
    const at = this.now().toISOString();
    for (const mail of mails) {
      const kept = { ...mail, id: (this.mails.at(-1)?.id ?? 0) + 1, at, messageId };
      this.mails.push(kept);
      this.arrivals.emit('mail', kept);
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

  /** The first mail, kept or still to come, of which `wanted` is true. Rejects after the deadline, saying what did come. */
  waitFor(wanted: (mail: Mail) => boolean, timeoutMs: number): Promise<Mail> {
    const there = this.mails.find(wanted);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const look = (mail: Mail): void => {
        if (!wanted(mail)) return;
        stop();
        resolve(mail);
      };
      const timer = setTimeout(() => {
        stop();
        const subjects = this.mails.map((mail) => `"${mail.subject}"`).join(', ') || 'none';
        reject(new Error(`the mail did not come within ${timeoutMs} ms; there are: ${subjects}`));
      }, timeoutMs);
      const stop = (): void => {
        clearTimeout(timer);
        this.arrivals.off('mail', look);
      };
      this.arrivals.on('mail', look);
    });
  }

  close(): void {
    if (this.saveTimer === null) return;
    clearTimeout(this.saveTimer);
    this.save();
  }

  private saveSoon(): void {
    if (this.file === null) return;
    this.saveTimer ??= setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  private save(): void {
    this.saveTimer = null;
    if (this.file === null) return;
    writeFileSync(`${this.file}.new`, JSON.stringify(this.mails));
    renameSync(`${this.file}.new`, this.file);
  }
}
