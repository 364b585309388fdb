/**
 * Between the moment at which the engine opens the published port and the one at which the new container's network is
 * up, the first client's question for its address goes unanswered, and the kernel asks again only after 1 s: the
 * service is up and nobody reaches it. The probe meets this in every run of every contestant, and the second that it
 * adds hides what they do differently. So the bench lets the kernel ask again sooner, on the lab's own bridge alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const BRIDGE = 'lastgoodlab0';
const RETRY_MS = 50;
const path = `/proc/sys/net/ipv4/neigh/${BRIDGE}/retrans_time_ms`;

/** @returns {{ text: string, restore: () => void }} */
export function askNeighboursSooner() {
  try {
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, String(RETRY_MS));
    return {
      text: `address questions on ${BRIDGE} repeated after ${RETRY_MS} ms instead of ${before.trim()} ms`,
      restore: () => writeFileSync(path, before),
    };
  } catch {
    return keptKernel;
  }
}

export const keptKernel = { text: 'the kernel’s own network settings', restore: () => {} };
