import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LocalLine } from './local-line.js';

/**
 * PM2's command line with its list in a file. Apps are real processes in real folders, and its files are PM2's: the
 * daemon's number, the saved list, the logs. As there, a definition stays what it was first started with.
 */
const program = `#!/usr/bin/env node
const fs = require('node:fs'), path = require('node:path');
const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const home = process.env.PM2_HOME, file = path.join(home, 'state.json');
fs.appendFileSync(path.join(home, 'calls'), process.argv.slice(2).join(' ') + '\\n');
const list = () => JSON.parse(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '[]');
const keep = (apps) => fs.writeFileSync(file, JSON.stringify(apps));
const launch = (env) => {
  const child = spawn('sleep', ['300'], { cwd: env.pm_cwd, detached: true, stdio: 'ignore' });
  child.unref();
  return { name: env.name, pid: child.pid, monit: {}, pm2_env: { ...env, status: 'online', restart_time: 0, unique_id: randomUUID() } };
};
const runs = (pid) => { try { return !/\\) [ZX] /.test(fs.readFileSync('/proc/' + pid + '/stat', 'utf8')); } catch { return false; } };
const end = (app) => { if (app.pid > 1) { try { process.kill(app.pid, 'SIGKILL'); } catch {} while (runs(app.pid)); } return { ...app, pid: 0, pm2_env: { ...app.pm2_env, status: 'stopped' } }; };
const die = (text) => { console.error('[PM2][ERROR] ' + text); process.exit(1); };
const dump = process.env.PM2_DUMP_FILE_PATH || path.join(home, 'dump.pm2');
const [verb, what, ...rest] = process.argv.slice(2);
console.log('[PM2] a table that nobody asked for');
const named = () => { const apps = list().filter((app) => app.name === what); if (apps.length === 0) die('Process or Namespace ' + what + ' not found'); return apps; };
switch (verb) {
  case 'ping': fs.writeFileSync(path.join(home, 'pm2.pid'), String(process.ppid)); break;
  case 'jlist': console.log(JSON.stringify(list())); break;
  case 'stop': named(); keep(list().map((app) => (app.name === what ? end(app) : app))); break;
  case 'delete': named().forEach(end); keep(list().filter((app) => app.name !== what)); break;
  case 'start':
    if (/\\.config\\.cjs$/.test(what)) {
      const { apps } = require(path.resolve(what));
      const own = apps.filter(({ name }) => name === rest[1]);
      const env = ({ name, cwd, env }) => ({ name, pm_cwd: cwd, env: { ...env, SEEN: process.env.LC_ALL || 'plain' }, pm_out_log_path: path.join(home, 'logs', name + '-out.log'), pm_err_log_path: path.join(home, 'logs', name + '-error.log') });
      keep([...list(), ...own.map((app) => launch(env(app)))]);
    } else {
      named(); keep(list().map((app) => (app.name === what ? launch(app.pm2_env) : app)));
    }
    break;
  case 'save':
    if (fs.existsSync(path.join(home, 'full'))) die('Failed to save dump file');
    fs.writeFileSync(dump, JSON.stringify(list().map(({ name, pm2_env }) => ({ ...pm2_env, name })))); break;
  case 'resurrect': {
    const there = list();
    const missing = JSON.parse(fs.readFileSync(dump, 'utf8')).filter(({ name }) => !there.some((app) => app.name === name));
    keep([...there, ...missing.map((env) => (env.status === 'stopped' ? { name: env.name, pid: 0, pm2_env: env } : launch(env)))]);
    break;
  }
  default: die('unknown ' + verb);
}
`;

export type ListedApp = {
  readonly name: string;
  readonly pid: number;
  readonly pm2_env: {
    readonly status: string;
    readonly pm_cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly unique_id: string;
  };
};

export class FakePm2 {
  readonly home: string;

  constructor(line: LocalLine) {
    this.home = join(line.home, 'pm2 home');
    mkdirSync(join(this.home, 'logs'), { recursive: true });
    line.addProgram('pm2', program);
    this.file('pm2.pid', String(process.pid));
    onTestFinished(() => {
      for (const { pid } of this.list()) {
        endProcess(pid);
      }
    });
  }

  file(name: string, text: string): void {
    const next = join(this.home, `${name}.next`);
    writeFileSync(next, text);
    // Whoever reads at this moment gets the one or the other, and never half of it.
    renameSync(next, join(this.home, name));
  }

  read(name: string): string {
    return readFileSync(join(this.home, name), 'utf8');
  }

  list(): readonly ListedApp[] {
    try {
      return JSON.parse(this.read('state.json')) as readonly ListedApp[];
    } catch {
      return [];
    }
  }

  app(name: string): ListedApp | undefined {
    return this.list().find((one) => one.name === name);
  }

  /** Every call that was made, in order; looking is left out. */
  calls(): readonly string[] {
    return this.read('calls')
      .split('\n')
      .filter((call) => call !== '' && call !== 'jlist');
  }
}

/** Number 0 is what a stopped app has, and would mean our own process group. */
function endProcess(pid: number): void {
  if (pid <= 1) {
    return;
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
