import type { HostPort } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { look } from './look.js';
import type { ProcessSight } from './service-process.js';

/** Lines of NAME=value after `systemctl show`, and what /proc says of the main process where no accounting is on. */
function showScript(unit: string): string {
  return `unit=${shellQuote(unit)}
command -v systemctl >/dev/null 2>&1 || fail 'this host has no systemd'
said=$(systemctl show --no-pager -p LoadState -p ActiveState -p SubState -p Result -p NRestarts -p MainPID \\
  -p MemoryCurrent -p CPUUsageNSec -- "$unit") || fail "systemctl cannot show $unit"
printf '%s\\n' "$said"
pid=\${said##*MainPID=}
pid=\${pid%%[!0-9]*}
read -r up rest </proc/uptime && printf 'Uptime=%s\\n' "$up"
if [ "\${pid:-0}" -gt 0 ] && { read -r stat <"/proc/$pid/stat"; } 2>/dev/null; then
  { while read -r name count rest; do [ "$name" != VmRSS: ] || printf 'ResidentKiB=%s\\n' "$count"; done <"/proc/$pid/status"; } 2>/dev/null
  set -- \${stat##*) }
  used=\${said##*CPUUsageNSec=}
  case \${used%%[!0-9]*} in
    '' | 18446744073709551615) printf 'Ticks=%s\\nTicksPerSecond=%s\\n' "$((\${12} + \${13}))" "$(getconf CLK_TCK 2>/dev/null || echo 100)" ;;
  esac
fi
`;
}

export async function seeUnit(
  port: HostPort,
  unit: string,
  signal: AbortSignal,
): Promise<ProcessSight> {
  const what = `Looking at the unit ${unit}`;
  const stdout = await look(port, { text: showScript(unit), as: 'login', what }, signal);
  const values = new Map(
    stdout.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const state = values.get('ActiveState') ?? 'unknown';
  const sub = values.get('SubState') ?? 'unknown';
  const isKnown = values.get('LoadState') === 'loaded';
  const result = values.get('Result') ?? 'success';
  const said = `${state} (${sub}${result === 'success' ? '' : `, ${result}`})`;
  return {
    isKnown,
    isUp: state === 'active',
    hasEnded: !isKnown || state === 'failed' || state === 'inactive',
    text: isKnown ? `${unit} is ${said}` : `there is no unit ${unit}`,
    restarts: countOf(values.get('NRestarts')),
    memoryBytes: countOf(values.get('MemoryCurrent')) ?? times(values.get('ResidentKiB'), 1_024),
    cpuPercent: null,
    cpuSeconds: cpuSecondsOf(values),
    atSeconds: numberOf(values.get('Uptime')),
  };
}

function cpuSecondsOf(values: ReadonlyMap<string, string>): number | null {
  const nanoseconds = countOf(values.get('CPUUsageNSec'));
  if (nanoseconds !== null) {
    return nanoseconds / 1e9;
  }
  const ticks = countOf(values.get('Ticks'));
  const perSecond = countOf(values.get('TicksPerSecond'));
  return ticks === null || perSecond === null || perSecond === 0 ? null : ticks / perSecond;
}

/** systemd writes “[not set]”, or the greatest number there is, for what it does not count. */
function countOf(text: string | undefined): number | null {
  const count = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) ? count : null;
}

function times(text: string | undefined, factor: number): number | null {
  const count = countOf(text);
  return count === null ? null : count * factor;
}

function numberOf(text: string | undefined): number | null {
  const number = Number.parseFloat(text ?? '');
  return Number.isFinite(number) ? number : null;
}
