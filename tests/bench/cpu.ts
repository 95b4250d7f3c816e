/**
 * Processor time, told apart by whose it was: this process's, and that of a server by its process id. Linux only; where
 * /proc is missing the servers' time reads as null, and the tables say "not measured".
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the processor. */
const MS_PER_TICK = 10;

export interface CpuTime {
  clientMs: number;
  /** null where it cannot be read. */
  serverMs: number | null;
}

/** Starts a stopwatch over this process (or `client`, another one's id) and the servers; call it for the time since. */
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

/** Of a process, its living children and those it has buried: Postgres works in a child per connection. */
function cpuMsOf(pid: number): number | null {
  const own = readTicks(pid);
  if (own === null) return null;
  return (own + childrenOf(pid).reduce((sum, child) => sum + (readTicks(child) ?? 0), 0)) * MS_PER_TICK;
}

/** utime, stime, cutime and cstime: fields 14 to 17 of proc(5)'s stat; the name before them may hold spaces. */
function readTicks(pid: number): number | null {
  const fields = readStat(pid);
  return fields === null ? null : fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
}

function childrenOf(pid: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((other) => readStat(other)?.[1] === String(pid));
}

/** The fields after the name: the state is [0], the parent's id [1]. */
function readStat(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? null;
  } catch {
    return null;
  }
}

/** Resident memory of a process, bytes; null where it cannot be read. */
export function readRssBytes(pid: number): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return pages * 4_096;
  } catch {
    return null;
  }
}
