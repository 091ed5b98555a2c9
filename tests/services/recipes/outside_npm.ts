/** Recipes of servers of npm packages outside the truth table. */

import { type Recipe, recipe } from "../recipe.ts";

const node = (name: string, script: string, ports: readonly string[], packageName = name): Recipe =>
  recipe(name, `npm:${packageName}`, `exec node -e '${script}'`, ports);

export const OUTSIDE_NPM: readonly Recipe[] = [
  node("ftp-srv", 'const F=require("ftp-srv");new (F.FtpSrv||F)({url:"ftp://0.0.0.0:26001"}).listen()', [
    "26001 ftp | ftp-srv | -",
  ]),
  node("smtp-server", 'new (require("smtp-server").SMTPServer)({}).listen(26002)', [
    "26002 smtp | nodemailer smtp-server/Nodemailer | -",
  ]),
  node("ldapjs", 'process.on("uncaughtException",()=>{});require("ldapjs").createServer().listen(26003)', [
    "26003 ldap | ldapjs | -",
  ]),
  node(
    "modbus-serial",
    'const M=require("modbus-serial");new M.ServerTCP({getHoldingRegister:()=>1,getInputRegister:()=>2,getCoil:()=>true},{host:"0.0.0.0",port:26004,unitID:1})',
    ["26004 modbus | - | -"],
  ),
  node("ws", 'new (require("ws").WebSocketServer)({port:26005})', ["26005 http/websocket | ws/Node.js | -"]),
  node(
    "socksv5",
    'const s=require("socksv5");const v=s.createServer(()=>{});v.useAuth(s.auth.None());v.listen(26006,"0.0.0.0")',
    ["26006 socks5/socks | - | -"],
  ),
  node("peer", 'require("peer").PeerServer({port:26008,host:"0.0.0.0"})', [
    "26008 http | PeerServer/Express/Node.js | -",
  ]),
  node(
    "aedes",
    'import("aedes").then(async a=>{const b=a.Aedes?(a.Aedes.createBroker?await a.Aedes.createBroker():new a.Aedes()):a.default();require("net").createServer(b.handle).listen(26009)})',
    ["26009 mqtt | Aedes | -"],
  ),
  node("express", 'require("express")().get("/",(q,s)=>s.send("ok")).listen(26010)', [
    "26010 http | Express/Node.js | -",
  ]),
  node("fastify", 'const f=require("fastify")();f.get("/",async()=>({ok:1}));f.listen({port:26011,host:"0.0.0.0"})', [
    "26011 http | Fastify/Node.js | -",
  ]),
  node("koa", 'const K=require("koa");const a=new (K.default||K)();a.use(c=>{c.body="ok"});a.listen(26012)', [
    "26012 http | Koa/Node.js | -",
  ]),
  node(
    "hapi",
    'const s=require("@hapi/hapi").server({port:26013});s.route({method:"GET",path:"/",handler:()=>"ok"});s.start()',
    ["26013 http | hapi/Node.js | -"],
    "@hapi/hapi",
  ),
  recipe(
    "http-server",
    "npm:http-server",
    "exec node node_modules/http-server/bin/http-server -p 26014 node_modules/ws",
    ["26014 http | http-server/Node.js | -"],
  ),
  recipe("serve", "npm:serve", "exec node node_modules/serve/build/main.js -l tcp://0.0.0.0:26015 node_modules/ws", [
    "26015 http | serve/Node.js | -",
  ]),
  recipe(
    "json-server",
    "npm:json-server",
    "echo '{\"a\":[]}' > /tmp/db.json; exec node node_modules/json-server/lib/cli/bin.js --host 0.0.0.0 -p 26016 /tmp/db.json",
    ["26016 http | json-server/Express/Node.js | -"],
  ),
  node(
    "ssh2",
    'const {Server,utils}=require("ssh2");const k=utils.generateKeyPairSync("ed25519").private;new Server({hostKeys:[k]},()=>{}).listen(26017)',
    ["26017 ssh | ssh2js/ssh2 | {npm:ssh2}"],
  ),
  node(
    "mysql2",
    'const m=require("mysql2");const s=m.createServer();s.listen(26018);s.on("connection",c=>{c.on("error",()=>{});c.serverHandshake({protocolVersion:10,serverVersion:"node.js rocks",connectionId:7,statusFlags:2,characterSet:8,capabilityFlags:0xffffff})})',
    ["26018 mysql | MySQL2 for Node.js/mysql2/Node.js | -"],
  ),
  node("rhea", 'const c=require("rhea").create_container({id:"lab"});c.on("error",()=>{});c.listen({port:26019})', [
    "26019 amqp | Rhea | -",
  ]),
  node(
    "node-media-server",
    'const N=require("node-media-server");new N({logType:0,rtmp:{port:26020,chunk_size:60000,gop_cache:true,ping:30,ping_timeout:60},http:{port:26021,allow_origin:"*",mediaroot:"/tmp"}}).run()',
    [
      "node-media-rtmp:26020 rtmp | Node-Media-Server | -",
      "node-media-http:26021 http | Node-Media-Server/Express/Node.js | -",
    ],
  ),
  node("webdav-server", 'const w=require("webdav-server").v2;new w.WebDAVServer({port:26022}).start()', [
    "26022 http/webdav | webdav-server/Node.js | {npm:webdav-server}",
  ]),
  recipe("maildev", "npm:maildev@2", "exec node node_modules/maildev/bin/maildev -s 26023 -w 26024 --ip 0.0.0.0", [
    "maildev-smtp:26023 smtp | MailDev/Nodemailer | -",
    "maildev-web:26024 http | MailDev/Express/Node.js | -",
  ]),
];
