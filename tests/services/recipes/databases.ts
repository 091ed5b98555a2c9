/** Recipes of databases, caches and queues. */

import { type Recipe, recipe } from "../recipe.ts";

const PGBOUNCER =
  "[databases]\nx = host=127.0.0.1\n[pgbouncer]\nlisten_addr=*\nlisten_port=6432\nauth_type=any\nunix_socket_dir=\n";
const SPHINX = `searchd {
  listen = 9312
  listen = 9306:mysql41
  pid_file = /lab/searchd.pid
  log = /dev/null
  query_log = /dev/null
  binlog_path =
  workers = threads
}
index x {
  type = rt
  path = /lab/sphinx
  rt_field = a
  rt_attr_uint = b
}
`;

export const DATABASES: readonly Recipe[] = [
  recipe("redis", "redis-server", 'exec redis-server --port 6379 --protected-mode no --save "" --daemonize no', [
    "6379 redis | Redis | {redis-server}",
  ]),
  recipe(
    "redis-password",
    "redis-server",
    'exec redis-server --port 6380 --requirepass lab --save "" --daemonize no',
    ["6380 redis | Redis | -"],
  ),
  recipe("memcached", "memcached", "exec memcached -u nobody -m 8 -t 1", [
    "11211 memcached/memcache | Memcached | {memcached}",
  ]),
  recipe(
    "mariadb",
    "mariadb-server",
    "mkdir -p /run/mysqld; chown mysql /run/mysqld; " +
      "exec mariadbd --user=mysql --bind-address=0.0.0.0 --performance-schema=OFF --innodb-buffer-pool-size=8M",
    ["3306 mysql | MariaDB | {mariadb-server}"],
  ),
  recipe(
    "postgresql",
    "postgresql-15",
    'exec su postgres -c "exec /usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main ' +
      '-c config_file=/etc/postgresql/15/main/postgresql.conf -c listen_addresses=* -c shared_buffers=4MB"',
    ["5432 postgresql | PostgreSQL | 15"],
  ),
  recipe("pgbouncer", "pgbouncer", 'exec su nobody -s /bin/sh -c "exec pgbouncer /lab/pgbouncer.ini"', [
    "6432 postgresql/pgbouncer | PgBouncer | -",
  ], { files: { "/lab/pgbouncer.ini": PGBOUNCER } }),
  recipe(
    "firebird",
    "firebird3.0-server",
    "mkdir -p /run/firebird3.0; chown firebird /run/firebird3.0; exec su firebird -s /bin/sh -c 'exec /usr/sbin/firebird'",
    ["3050 firebird | Firebird | -"],
  ),
  recipe("tarantool", "tarantool", "mkdir -p tarantool; exec tarantool /lab/tarantool.lua", [
    "tarantool-binary:3301 tarantool | Tarantool | {tarantool}",
    "tarantool-console:3302 tarantool | Tarantool | {tarantool}",
  ], {
    files: {
      "/lab/tarantool.lua": 'box.cfg{listen="0.0.0.0:3301",work_dir="/lab/tarantool",memtx_memory=33554432}\n' +
        'require("console").listen("0.0.0.0:3302")\n',
    },
  }),
  recipe("nats", "nats-server", "exec nats-server -p 4222 -m 8222", [
    "nats-client:4222 nats | NATS | {nats-server}",
    "nats-monitor:8222 http | NATS | {nats-server}",
  ]),
  recipe("beanstalkd", "beanstalkd", "exec beanstalkd -p 11300", [
    "11300 beanstalkd/beanstalk | beanstalkd | {beanstalkd}",
  ]),
  recipe("gearmand", "gearman-job-server", "exec gearmand -l stderr", [
    "4730 gearman | Gearman | {gearman-job-server}",
  ]),
  recipe("mosquitto", "mosquitto", "touch passwords; exec mosquitto -c /lab/mosquitto.conf", [
    "1883 mqtt | Mosquitto | -",
  ], {
    files: { "/lab/mosquitto.conf": "listener 1883\nallow_anonymous false\npassword_file /lab/passwords\n" },
  }),
  recipe("sphinxsearch", "sphinxsearch", "exec searchd --config /lab/sphinx.conf --console", [
    "sphinx-api:9312 sphinx-search/sphinx | Sphinx | -",
    "sphinx-sql:9306 mysql | Sphinx | {sphinxsearch}",
  ], { files: { "/lab/sphinx.conf": SPHINX } }),
  recipe(
    "groonga",
    "groonga-bin",
    "groonga -n groonga.db shutdown; exec groonga -s --protocol gqtp -p 10043 groonga.db",
    [
      "groonga-gqtp:10043 gqtp | Groonga | -",
    ],
  ),
  recipe(
    "groonga-http",
    "groonga-bin",
    "groonga -n groonga2.db shutdown; exec groonga -s --protocol http -p 10041 groonga2.db",
    ["10041 http | Groonga | {groonga-bin}"],
  ),
  recipe("rrdcached", "rrdcached", "mkdir -p rrd; exec rrdcached -g -L -b /lab/rrd -p /lab/rrd.pid", [
    "42217 rrdcached | rrdcached/RRDtool | -",
  ]),
  recipe("carbon-c-relay", "carbon-c-relay", "exec carbon-c-relay -p 2003 -f /lab/carbon.conf", [
    "2003 graphite/carbon | carbon-c-relay/carbon | -",
  ], { files: { "/lab/carbon.conf": "cluster x file /lab/carbon.out ;\nmatch * send to x stop ;\n" } }),
  recipe(
    "etcd",
    "etcd-server",
    "exec etcd --data-dir /lab/etcd --listen-client-urls http://0.0.0.0:2379 --advertise-client-urls http://127.0.0.1:2379 " +
      "--listen-peer-urls http://0.0.0.0:2380",
    ["etcd-client:2379 http/etcd | etcd | {etcd-server}", "etcd-peer:2380 http/etcd | etcd | -"],
  ),
];
