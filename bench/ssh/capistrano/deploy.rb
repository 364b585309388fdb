set :application, 'lab-service'
set :deploy_to, '/opt/lab-service'
set :format, :simpletext
set :log_level, :info
set :ssh_options, { config: ENV.fetch('SSH_CONFIG') }

namespace :service do
  task :restart do
    on roles(:app) do
      execute :sudo, :systemctl, :restart, 'lab-service'
    end
  end

  task :verify do
    port = ENV.fetch('PORT')
    body = '{"conditionId": "test-market-id"}'
    on roles(:app) do
      execute %(until curl -fs http://localhost:#{port}/health | grep -q '"status":"healthy"'; do sleep 0.05; done)
      execute 'sudo journalctl -u lab-service -n 50'
      execute %(curl -fs -X POST http://localhost:#{port}/trigger -H 'Content-Type: application/json' -d '#{body}')
      execute %(grep -m 1 'analysis test-market-id completed' < <(exec sudo journalctl -u lab-service -f -n 50 2>/dev/null))
    end
  end
end

after 'deploy:publishing', 'service:restart'
after 'deploy:finished', 'service:verify'
