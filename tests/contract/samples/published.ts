/**
 * Paystack's published samples, read from its public repository PaystackOSS/doc-code-snippets, of which nothing is kept here. The
 * repository is cloned on demand into the system's temporary folder, or read from a clone that `--from` names.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';

const REPOSITORY = 'https://github.com/PaystackOSS/doc-code-snippets.git';
const MOST_BYTES = 64 * 1024 * 1024;

export interface PublishedEvent {
  file: string;
  event: string;
  /** As published, with its white space. */
  bytes: Buffer;
}

export interface PublishedReply {
  /** The endpoint's folder, such as `disputes/resolve`. */
  endpoint: string;
  httpStatus: number;
  body: Record<string, unknown>;
}

export interface Published {
  commit: string;
  events: PublishedEvent[];
  replies: PublishedReply[];
  /** Files that hold no JSON. */
  broken: string[];
}

const eventSchema = z.looseObject({ event: z.string(), data: z.unknown() });
const repliesSchema = z.record(z.string().regex(/^\d{3}$/), z.looseObject({ data: z.record(z.string(), z.unknown()) }));

function git(folder: string, args: string[]): Buffer {
  return execFileSync('git', ['-C', folder, ...args], { maxBuffer: MOST_BYTES, stdio: ['ignore', 'pipe', 'inherit'] });
}

function clone(): string {
  const folder = path.join(tmpdir(), 'orders-module-samples.git');
  if (existsSync(path.join(folder, 'HEAD'))) return folder;
  mkdirSync(folder, { recursive: true });
  execFileSync('git', ['clone', '--quiet', '--bare', '--depth', '1', REPOSITORY, folder], { stdio: 'inherit' });
  return folder;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Reads every JSON file below src/ of the newest commit. `from`: a clone, also a bare one. */
export function readPublished(from: string | undefined): Published {
  const folder = from ?? clone();
  const published: Published = { commit: '', events: [], replies: [], broken: [] };
  published.commit = git(folder, ['rev-parse', 'HEAD']).toString().trim();
  const files = git(folder, ['ls-tree', '-r', '--name-only', 'HEAD', 'src']).toString().split('\n');
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const bytes = git(folder, ['show', `HEAD:${file}`]);
    const json = parsed(bytes);
    if (json === undefined) published.broken.push(file);
    const event = eventSchema.safeParse(json).data;
    if (event !== undefined) published.events.push({ file, event: event.event, bytes });
    if (!file.startsWith('src/api/') || !file.endsWith('/response.json')) continue;
    const endpoint = path.dirname(file).slice('src/api/'.length);
    const replies = Object.entries(repliesSchema.safeParse(json).data ?? {});
    for (const [status, { data }] of replies)
      published.replies.push({ endpoint, httpStatus: Number(status), body: data });
  }
  return published;
}
