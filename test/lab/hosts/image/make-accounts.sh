# Accounts of the lab's hosts, made when the image is built.
set -eu
. /lab/keys/passwords

# account NAME SHELL: may log in with the lab's keys.
account() {
  useradd --create-home --user-group --shell "$2" "$1"
  install -d -m 700 -o "$1" -g "$1" "/home/$1/.ssh"
  install -m 600 -o "$1" -g "$1" /lab/keys/authorized_keys "/home/$1/.ssh/authorized_keys"
}

for name in deploy careful plain noisy pm2user code keycode; do
  account "$name" /bin/bash
done
account with-fish /usr/bin/fish
account with-csh /bin/tcsh
account with-dash /bin/dash
useradd --create-home --user-group --shell /bin/bash typist
useradd --system --user-group --home-dir /opt/lab-service --no-create-home --shell /usr/sbin/nologin lab

printf '%s\n' "careful:$CAREFUL_PASSWORD" "typist:$TYPIST_PASSWORD" "code:$CODE_PASSWORD" | chpasswd

for name in deploy noisy with-fish with-csh with-dash; do
  printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$name"
done >/etc/sudoers.d/lab
printf 'careful ALL=(ALL) ALL\n' >>/etc/sudoers.d/lab
chmod 440 /etc/sudoers.d/lab

printf 'HOTP %s - %s\n' code "$CODE_SECRET" keycode "$CODE_SECRET" >/etc/users.oath
chmod 600 /etc/users.oath

# Noise on both outputs before anything else, also where nobody sits at a terminal.
cat >/home/noisy/.bashrc.noise <<'NOISE'
echo 'Welcome to this machine! exit 0'
printf '\033[1;31mBackups are late.\033[0m\n'
printf 'no line end and bytes that are no text: \377\376'
echo 'nvm is not compatible with this shell' >&2
alias ls='ls --color=always'
NOISE
cat /home/noisy/.bashrc >>/home/noisy/.bashrc.noise
mv /home/noisy/.bashrc.noise /home/noisy/.bashrc
chown noisy:noisy /home/noisy/.bashrc

rm -f /lab/keys/passwords

# A wrong password is refused at once: nobody guesses here, and tests would only wait.
sed -i 's/pam_unix\.so nullok/& nodelay/' /etc/pam.d/common-auth
