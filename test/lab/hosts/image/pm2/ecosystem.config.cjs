// Process list of version __VERSION__.
module.exports = {
  apps: [
    {
      name: 'lab-pm2',
      script: 'main.mjs',
      cwd: '/opt/lab-pm2/current',
      node_args: '--env-file=.env',
      env: { RELEASE: '__VERSION__' },
      kill_timeout: 5000,
    },
  ],
};
