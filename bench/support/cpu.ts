import { readFileSync, readdirSync } from 'node:fs';

/** Ticks of the kernel's accounts in a second; fixed at 100 on every Linux we know. */
const TICKS_PER_SECOND = 100;

/** What the kernel says of a process: field numbers of proc(5), counted after the name, which may hold anything. */
function accountsOf(pid: number | 'self'): { parent: number; own: number; endedChildren: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (field: number): number => fields[field - 3] ?? 0;
    return {
      parent: at(4),
      own: (at(14) + at(15)) / TICKS_PER_SECOND,
      endedChildren: (at(16) + at(17)) / TICKS_PER_SECOND,
    };
  } catch {
    return null;
  }
}

/**
 * CPU seconds that a server and all its processes have used, ended ones included. Seconds of CPU say what work costs also on a
 * machine that others use; null where the kernel does not tell (not Linux, or a server that is not ours).
 */
export function cpuOfServer(postmasterPid: number | null): number | null {
  const server = postmasterPid === null ? null : accountsOf(postmasterPid);
  if (!server) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => accountsOf(Number(name)))
    .filter((accounts) => accounts?.parent === postmasterPid);
  return children.reduce((sum, child) => sum + (child?.own ?? 0), server.own + server.endedChildren);
}

/** CPU seconds of the programs that this process started and that have ended. */
export function cpuOfEndedChildren(): number {
  return accountsOf('self')?.endedChildren ?? 0;
}
