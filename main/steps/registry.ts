import { AppError } from '../../shared/errors/app-error.js';
import { checkContainers } from './docker/check-containers.js';
import { checkLog } from './docker/check-log.js';
import { checkSettings } from './docker/check-settings.js';
import { createReplacement } from './docker/create-replacement.js';
import { findContainers } from './docker/find-containers.js';
import { findImage } from './docker/find-image.js';
import { pullImage } from './docker/pull.js';
import { readLog } from './docker/read-log.js';
import { saveLog } from './docker/save-log.js';
import { startContainer } from './docker/start.js';
import { stopContainer } from './docker/stop.js';
import { swapNames } from './docker/swap-names.js';
import { checkRelease } from './host/check-release.js';
import { compareConfig } from './host/compare-config.js';
import { buildBeside } from './git/build-beside.js';
import { checkTree } from './git/check-tree.js';
import { checkoutCommit } from './git/checkout.js';
import { npmBuild, npmInstall } from './git/npm-in-place.js';
import { stashChanges } from './git/stash.js';
import { switchCheckout } from './git/switch.js';
import { restoreFile } from './host/restore-file.js';
import { switchLink } from './host/switch-link.js';
import { operatorConfirm } from './operator/confirm.js';
import { checkApp } from './pm2/check-app.js';
import { checkAppLog, readAppLog } from './pm2/check-log.js';
import { replaceApp } from './pm2/replace.js';
import { saveList } from './pm2/save.js';
import { stopApp } from './pm2/stop.js';
import { checkHealth } from './service/check-health.js';
import { triggerService } from './service/trigger.js';
import { waitHealthy } from './service/wait-healthy.js';
import { checkService } from './swarm/check-service.js';
import { checkTasks } from './swarm/check-tasks.js';
import { checkServiceLog, readServiceLog, saveServiceLog } from './swarm/logs.js';
import { rollBackService } from './swarm/roll-back.js';
import { waitUpdated } from './swarm/wait-updated.js';
import { backup } from './postgres/backup.js';
import { checkBackup } from './postgres/check-backup.js';
import { checkCounts } from './postgres/check-counts.js';
import { endOpenSessions } from './postgres/end-sessions.js';
import { migrateDown } from './postgres/migrate-down.js';
import { restoreBeside } from './postgres/restore-beside.js';
import { restoreTables } from './postgres/restore-tables.js';
import { restore } from './postgres/restore.js';
import { saveNewerRows } from './postgres/save-newer-rows.js';
import { swapDatabases } from './postgres/swap.js';
import { checkUnitLog, readUnitLog } from './systemd/check-log.js';
import { checkUnit } from './systemd/check-unit.js';
import { startUnit } from './systemd/start.js';
import { stopUnit } from './systemd/stop.js';
import type { ActingKind, AnyStepKind } from './step-kind.js';

const all: readonly AnyStepKind[] = [
  findContainers,
  findImage,
  pullImage,
  createReplacement,
  saveLog,
  stopContainer,
  swapNames,
  startContainer,
  waitHealthy,
  readLog,
  triggerService,
  checkHealth,
  checkContainers,
  checkSettings,
  checkLog,
  checkRelease,
  compareConfig,
  switchLink,
  restoreFile,
  stopUnit,
  startUnit,
  checkUnit,
  readUnitLog,
  checkUnitLog,
  operatorConfirm,
  stopApp,
  replaceApp,
  saveList,
  checkApp,
  readAppLog,
  checkAppLog,
  checkTree,
  stashChanges,
  buildBeside,
  switchCheckout,
  checkoutCommit,
  npmInstall,
  npmBuild,
  checkService,
  saveServiceLog,
  rollBackService,
  waitUpdated,
  readServiceLog,
  checkTasks,
  checkServiceLog,
  checkBackup,
  saveNewerRows,
  endOpenSessions,
  backup,
  restore,
  restoreTables,
  migrateDown,
  restoreBeside,
  swapDatabases,
  checkCounts,
];

/** By the name a runbook gives it. */
export const stepKinds: Readonly<Record<string, AnyStepKind>> = Object.fromEntries(
  all.map((kind) => [kind.kind, kind]),
);

/** For a kind that acts by itself. */
export function actingKindOf(kind: string): ActingKind {
  const found = kindOf(kind);
  if ('script' in found) {
    throw new AppError('STEP_KIND_UNKNOWN', `${kind} is done by a script on a host.`);
  }
  return found;
}

export function kindOf(kind: string): AnyStepKind {
  const found = Object.hasOwn(stepKinds, kind) ? stepKinds[kind] : undefined;
  if (found === undefined) {
    throw new AppError('STEP_KIND_UNKNOWN', `There is no kind of step called ${kind}.`);
  }
  return found;
}
