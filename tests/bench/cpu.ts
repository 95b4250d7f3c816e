/**
 * Processor time of this process and of servers by their process ids. The servers' time needs /proc (Linux); elsewhere it
 * is null, and the tables say "not measured".
 */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ is 100 on every Linux platform that Node supports. */
const MS_PER_TICK = 10;

export interface CpuTime {
  clientMs: number;
  /** null without /proc. */
  serverMs: number | null;
}

/** Returns a function that gives the time since the start. Without `clientPids` the client is this process. */
export function startCpuWatch(serverPids: readonly number[], clientPids: readonly number[] = []): () => CpuTime {
  const own = process.cpuUsage();
  const before = { server: sumOf(serverPids), client: sumOf(clientPids) };
  return () => {
    const { user, system } = process.cpuUsage(own);
    const [server, client] = [sumOf(serverPids), sumOf(clientPids)];
    return {
      clientMs: clientPids.length === 0 ? (user + system) / 1_000 : Math.max(0, (client ?? 0) - (before.client ?? 0)),
      serverMs: server === null || before.server === null ? null : server - before.server,
    };
  };
}

function sumOf(pids: readonly number[]): number | null {
  const each = pids.map(cpuMsOf);
  return each.every((ms) => ms !== null) ? each.reduce<number>((sum, ms) => sum + (ms ?? 0), 0) : null;
}

/** Includes running and exited children, because Postgres forks one process per connection. */
function cpuMsOf(pid: number): number | null {
  const own = readTicks(pid);
  if (own === null) return null;
  return (own + childrenOf(pid).reduce((sum, child) => sum + (readTicks(child) ?? 0), 0)) * MS_PER_TICK;
}

/** utime, stime, cutime and cstime: fields 14 to 17 of /proc/PID/stat, see proc(5). */
function readTicks(pid: number): number | null {
  const fields = readStat(pid);
  return fields === null ? null : fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
}

function childrenOf(pid: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((other) => readStat(other)?.[1] === String(pid));
}

/** The fields after the process name, which may contain spaces: [0] is the state, [1] the parent's id. */
function readStat(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? null;
  } catch {
    return null;
  }
}

/** null without /proc. */
export function readRssBytes(pid: number): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return pages * 4_096;
  } catch {
    return null;
  }
}
