# make-repository.sh FOLDER: a deployment that is a checkout, with three versions as commits and tags, built and
# pruned at the newest. Everything its build needs lies in it as a package file, so `npm ci` asks nobody.
set -eu
folder=$1
umask 022
export GIT_CONFIG_GLOBAL=/dev/null

# commit DAY AUTHOR MESSAGE
commit() {
  git add --all
  GIT_AUTHOR_DATE="2026-01-$1T10:00:00Z" GIT_COMMITTER_DATE="2026-01-$1T10:00:00Z" \
    GIT_AUTHOR_NAME="$2" GIT_AUTHOR_EMAIL="deploy@lab.example" \
    GIT_COMMITTER_NAME="$2" GIT_COMMITTER_EMAIL="deploy@lab.example" \
    git commit --quiet --message "$3"
}

# tag VERSION DAY
tag() {
  GIT_COMMITTER_DATE="2026-01-$2T11:00:00Z" GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=deploy@lab.example \
    git tag --annotate --message "Version $1" "v$1"
}

# manifest VERSION MODE
manifest() {
  cat >package.json <<JSON
{
  "name": "lab-git",
  "version": "$1",
  "labMode": "$2",
  "private": true,
  "type": "module",
  "scripts": { "build": "tsc --project ." },
  "devDependencies": { "typescript": "file:vendor/typescript.tgz", "@types/node": "file:vendor/types-node.tgz" , "undici-types": "file:vendor/undici-types.tgz" }
}
JSON
  npm install --package-lock-only --offline --ignore-scripts >/dev/null
}

git init --quiet --initial-branch main "$folder"
cd "$folder"
git config user.name Deploy
git config user.email deploy@lab.example
mkdir src vendor
cp /lab/git/src/main.ts /lab/service/service.mjs src/
cp /lab/packages/*.tgz vendor/
cp /lab/git/tsconfig.json .
printf 'node_modules/\ndist/\n.env\n' >.gitignore

manifest 1.0.0 healthy
commit 13 Ada 'Start the service'
tag 1.0.0 13
printf '// Asked less often.\n' >>src/service.mjs
manifest 1.1.0 healthy
commit 14 Grace 'Deploy: v1.1.0

Markets are asked less often; the rest is as it was.'
tag 1.1.0 14
printf 'How to run it: npm start\n' >README
commit 14 'Jörg "Jo" Grünwald' 'Explain how it is run; `true` $(true)'
printf '// Kept in a new table.\n' >>src/service.mjs
manifest 1.2.0 sick
commit 15 Ada 'Deploy: v1.2.0'
tag 1.2.0 15

printf 'PORT=3002\nLOG_LEVEL=info\n' >.env
npm ci --offline >/dev/null
npm run build >/dev/null
npm prune --omit=dev --offline >/dev/null
