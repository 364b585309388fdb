import { shellCommand, shellQuote } from '../shell-quote.js';
import { replacementRole, restartLabel, roleLabel, runLabel } from './names.js';

type Wanted = {
  readonly container: string;
  readonly imageId: string;
  readonly replacement: string;
  readonly run: string;
};

/**
 * The same by hand, with docker, jq and curl: read both settings, take away what came from the image, create. Where the
 * engine's socket is elsewhere, DOCKER_SOCKET says so.
 */
export function createByHand({ container, imageId, replacement, run }: Wanted): readonly string[] {
  const labels = `{${JSON.stringify(runLabel)}: $run, ${JSON.stringify(roleLabel)}: ${JSON.stringify(replacementRole)}, ${JSON.stringify(restartLabel)}: $restart}`;
  const filter = [
    '.[0] as $c | .[1].Config as $i',
    '| "\\($c.HostConfig.RestartPolicy.Name):\\($c.HostConfig.RestartPolicy.MaximumRetryCount)" as $restart',
    '| ($c.HostConfig.Binds // [] | map(split(":")[1])) as $bound',
    '| $c.Config',
    '| .Image = $image',
    '| .Env = ((.Env // []) - ($i.Env // []))',
    `| .Labels = (((.Labels // {}) | with_entries(select(.value != ($i.Labels // {})[.key]))) + ${labels})`,
    '| reduce ("User", "WorkingDir", "StopSignal", "Healthcheck", "Volumes") as $k (.; if .[$k] == $i[$k] then del(.[$k]) else . end)',
    '| .ExposedPorts = ((.ExposedPorts // {}) | with_entries(select(.key as $p | ($i.ExposedPorts // {})[$p] == null or ($c.HostConfig.PortBindings // {})[$p] != null)))',
    '| if .Entrypoint == $i.Entrypoint then del(.Entrypoint) | (if .Cmd == $i.Cmd then del(.Cmd) else . end) else . end',
    '| if .Hostname == $c.Id[:12] or $c.HostConfig.UTSMode != "" then del(.Hostname) else . end',
    '| .HostConfig = ($c.HostConfig | .Mounts = ((.Mounts // []) as $m | $m + [$c.Mounts[] | select(.Type == "volume" and (.Destination as $d | ($bound + ($m | map(.Target))) | index($d) | not)) | {Type: "volume", Source: .Name, Target: .Destination, ReadOnly: (.RW | not)}]))',
    '| .NetworkingConfig.EndpointsConfig = ($c.NetworkSettings.Networks | del(.host, .none, .bridge) | map_values({IPAMConfig, Aliases: ((.Aliases // []) - [$c.Id[:12]])}))',
  ].join(' ');
  const oldImage = `"$(${shellCommand('docker', 'inspect', '--format', '{{.Image}}', container)})"`;
  return [
    `${shellCommand('docker', 'inspect', container)} > lastgood-old.json`,
    `docker image inspect ${oldImage} > lastgood-old-image.json`,
    `jq -s --arg image ${shellQuote(imageId)} --arg run ${shellQuote(run)} ${shellQuote(`map(.[0]) | ${filter}`)} lastgood-old.json lastgood-old-image.json > lastgood-new.json`,
    `curl --fail --silent --show-error --unix-socket "\${DOCKER_SOCKET:-/var/run/docker.sock}" --header 'Content-Type: application/json' --data-binary @lastgood-new.json ${shellQuote(`http://localhost/containers/create?name=${replacement}`)}`,
  ];
}
