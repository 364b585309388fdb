import type { HostInfo } from '../host-types.js';
import type { LineInfo } from '../ssh/line.js';
import { harmless } from './host-lines.js';
import type { Talk } from './shell-talk.js';
import { sudoRefusal } from './sudo.js';

/** How a job must be begun so that it outlives the login. */
export type Detaching = 'plain' | 'user-scope' | 'impossible';

/**
 * Everything about the host in one round trip. Where logind ends a user's processes with the session, only a user
 * manager that lingers can hold a job.
 */
const infoScript = `lg_main() {
  lg_name=
  { read -r lg_name </proc/sys/kernel/hostname; } 2>/dev/null
  lg_say name "\${lg_name:-$(uname -n)}"
  lg_machine=
  { read -r lg_machine </etc/machine-id; } 2>/dev/null
  lg_say machine "$lg_machine"
  lg_uid=$(id -u)
  # What logind says is asked for while sudo is tried: either takes a good part of the whole.
  lg_kills | lg_rights
}
lg_kills() {
  [ "$lg_uid" != 0 ] && [ -d /run/systemd/system ] || return 0
  busctl --timeout=5 get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager KillUserProcesses 2>/dev/null
}
lg_rights() {
  if [ "$lg_uid" = 0 ]; then lg_say sudo root-login
  elif ! command -v sudo >/dev/null 2>&1; then lg_say sudo none
  elif lg_words=$(LC_MESSAGES=C sudo -n -- sh -c : 2>&1 </dev/null); then lg_say sudo passwordless
  else
    lg_say sudo asked
    # Only this tells who may never become root from who may with a password; both are asked for one above.
    lg_mine=$(LC_MESSAGES=C sudo -n -v 2>&1 </dev/null)
    case $lg_mine in *'may not run sudo'* | *'not in the sudoers'*) lg_words=$lg_mine ;; esac
    printf '%s\\n' "$lg_words"
  fi
  lg_say systemd no
  [ -d /run/systemd/system ] || return 0
  lg_say systemd yes
  lg_said=
  read -r lg_said
  [ "$lg_said" = 'b true' ] || return 0
  if [ -e "/var/lib/systemd/linger/$(id -un)" ]; then lg_say detaching user-scope; else lg_say detaching impossible; fi
}
`;

/** Collects what the host says about itself. */
export class HostInfoReader {
  readonly #said = new Map<string, string>();
  #words = '';

  readonly talk: Talk = {
    script: infoScript,
    mayBeSeen: true,
    onRecord: ([verb = '', ...rest]) => {
      this.#said.set(verb, rest.join(' '));
    },
    onStdout: (bytes) => {
      this.#words = (this.#words + bytes.toString('utf8')).slice(0, 4096);
    },
  };

  info(name: string, line: LineInfo): HostInfo {
    const machineId = this.#said.get('machine') ?? '';
    return {
      name,
      user: line.user,
      address: line.address,
      fingerprint: line.fingerprint,
      hostName: harmless(this.#said.get('name') ?? ''),
      machineId: /^[0-9a-f]{32}$/u.test(machineId) ? machineId : null,
      sudo: this.#sudo(),
      hasSystemd: this.#said.get('systemd') === 'yes',
    };
  }

  get detaching(): Detaching {
    const said = this.#said.get('detaching');
    return said === 'user-scope' || said === 'impossible' ? said : 'plain';
  }

  #sudo(): HostInfo['sudo'] {
    const said = this.#said.get('sudo');
    if (said === 'root-login' || said === 'passwordless') {
      return said;
    }
    return said === 'asked' && sudoRefusal(this.#words) === 'password' ? 'password' : 'none';
  }
}
