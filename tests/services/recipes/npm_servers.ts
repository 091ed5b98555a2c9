/** Recipes of further servers of npm packages. */

import { type Recipe, recipe } from "../recipe.ts";

export const NPM_SERVERS: readonly Recipe[] = [
  recipe(
    "smpp",
    "npm:smpp@0.5.1",
    `exec node -e 'require("smpp").createServer(s=>{s.on("error",()=>{});s.on("enquire_link",p=>s.send(p.response()));s.on("bind_transceiver",p=>s.send(p.response()))}).listen(2775)'`,
    [
      "2775 smpp | - | -",
    ],
  ),
  recipe(
    "pglite-socket",
    "npm:@electric-sql/pglite-socket@0.2.17 npm:@electric-sql/pglite",
    "exec node node_modules/@electric-sql/pglite-socket/dist/scripts/server.js --host=0.0.0.0 --port=5454",
    [
      "5454 postgresql | - | -",
    ],
  ),
  recipe(
    "jayson",
    "npm:jayson@5.0.0",
    `exec node -e 'require("jayson").server({add:(a,cb)=>cb(null,1)}).tcp().listen(5006)'`,
    ["5006 json-rpc | - | -"],
  ),
  recipe(
    "hap-nodejs",
    "npm:hap-nodejs@1.2.0",
    `exec node -e 'const h=require("hap-nodejs");h.HAPStorage.setCustomStoragePath("/tmp/hap");const a=new h.Accessory("Lab",h.uuid.generate("lab"));a.publish({username:"17:51:07:F4:BC:8A",pincode:"678-90-876",port:51826,category:5,advertiser:"ciao",bind:"lo"})'`,
    [
      "51826 http | Node.js | -",
    ],
  ),
  recipe(
    "statsd",
    "npm:statsd@0.9.0",
    `echo '{port:8125,mgmt_port:8126,mgmt_address:"0.0.0.0",backends:["./backends/console"]}' > /tmp/statsd.js; exec node node_modules/statsd/stats.js /tmp/statsd.js`,
    [
      "statsd-admin:8126 statsd | StatsD | -",
    ],
  ),
  recipe(
    "hoodiecrow",
    "npm:hoodiecrow-imap@2.1.0",
    `exec node -e 'require("hoodiecrow-imap")({storage:{INBOX:{}}}).listen(1143)'`,
    ["1143 imap | Hoodiecrow | -"],
  ),
  recipe(
    "haraka",
    "npm:Haraka@3.3.4",
    `mkdir -p /tmp/haraka; node node_modules/Haraka/bin/haraka -i /tmp/haraka >/dev/null 2>&1; printf "listen=0.0.0.0:2526\\n" > /tmp/haraka/config/smtp.ini; : > /tmp/haraka/config/plugins; exec node node_modules/Haraka/bin/haraka -c /tmp/haraka`,
    ["2526 smtp | Haraka | 3.3.4"],
  ),
  recipe(
    "dns2",
    "npm:dns2@3.1.1",
    `exec node -e 'const d=require("dns2");d.createServer({tcp:true,udp:true,handle:(q,s)=>s(d.Packet.createResponseFromRequest(q))}).listen({tcp:5399,udp:5399})'`,
    ["5399 domain | - | -"],
  ),
  recipe(
    "node-red",
    "npm:node-red",
    "exec node node_modules/node-red/red.js -u /tmp/nodered -p 1880",
    ["1880 http | Node-RED | -"],
  ),
  recipe(
    "verdaccio",
    "npm:verdaccio",
    "exec node node_modules/verdaccio/bin/verdaccio -l 0.0.0.0:4873",
    ["4873 http | Verdaccio | -"],
  ),
  recipe(
    "vite",
    "npm:vite",
    "mkdir -p /tmp/vite; echo lab > /tmp/vite/index.html; exec node node_modules/vite/bin/vite.js /tmp/vite --host 0.0.0.0 --port 5173",
    ["5173 http | Vite | -"],
  ),
];
