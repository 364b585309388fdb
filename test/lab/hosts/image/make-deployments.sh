# The three deployments of the lab's machine, made when the image is built.
set -eu

# release FOLDER VERSION MODE MARKETS DAY OWNER PORT
release() {
  place=$1/releases/v$2
  install -d "$place"
  install -m 644 /lab/service/main.mjs /lab/service/service.mjs "$place"
  printf '{ "name": "lab-service", "version": "%s", "mode": "%s", "type": "module" }\n' "$2" "$3" >"$place/package.json"
  printf 'PORT=%s\nLOG_LEVEL=info\nMARKETS=%s\nAPI_KEY=not-a-real-key-%s\n' "$7" "$4" "$2" >"$place/.env"
  chmod 640 "$place/.env"
  sed "s/__VERSION__/$2/" /lab/pm2/ecosystem.config.cjs >"$place/ecosystem.config.cjs"
  chown -R "$6:$6" "$place"
  touch -d "2026-01-$5 10:00" "$place"/* "$place/.env" "$place"
}

# releases FOLDER OWNER PORT
releases() {
  install -d -o "$2" -g "$2" "$1" "$1/releases"
  release "$1" 1.0.0 healthy 40 13 "$2" "$3"
  release "$1" 1.1.0 healthy 50 14 "$2" "$3"
  release "$1" 1.2.0 sick 50 15 "$2" "$3"
  ln -s "$1/releases/v1.2.0" "$1/current"
  chown -h "$2:$2" "$1/current"
}

releases /opt/lab-service lab 3000
releases /opt/lab-pm2 pm2user 3001

install -d -o deploy -g deploy /opt/lab-git
runuser -u deploy -- env HOME=/home/deploy sh /lab/git/make-repository.sh /opt/lab-git

install -m 644 /lab/units/lab-service.service /lab/units/lab-git.service /lab/units/pm2-pm2user.service /etc/systemd/system/
systemctl enable lab-service.service lab-git.service pm2-pm2user.service ssh.service
# No name leads anywhere on a lab host, and none of its clients asks for news.
printf 'audit=false\nfund=false\nupdate-notifier=false\n' >/etc/npmrc
systemctl mask systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
  e2scrub_all.timer fstrim.timer getty@tty1.service console-getty.service systemd-udevd.service \
  systemd-resolved.service dev-hugepages.mount sys-fs-fuse-connections.mount >/dev/null 2>&1

# The saved process list that `pm2 resurrect` brings up at boot.
cd /opt/lab-pm2/current
runuser -u pm2user -- env HOME=/home/pm2user sh -c 'pm2 start ecosystem.config.cjs && pm2 save && pm2 kill'
rm -rf /home/pm2user/.pm2/logs/* /home/pm2user/.pm2/pm2.log
