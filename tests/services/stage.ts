/**
 * A stage: the servers of recipes, running in a changeable copy of a prepared root, in namespaces of their own.
 *
 * The root is made by {@linkcode ./root.ts}; its folder is named by the environment variable `SYNSCAN_SERVICES`. A program
 * that uses a stage calls {@linkcode enterStage} first: it starts itself anew inside the namespaces, and everything that it
 * starts there ends with it.
 *
 * @module
 */

import { LAB, npmPackage, type Recipe, type RecipePort, upstreamVersion } from "./recipe.ts";

const INSIDE = "SYNSCAN_STAGE";
const decoder = new TextDecoder();

/** Returns the folder that holds the prepared root and the npm packages. */
export function servicesFolder(): string {
  const folder = Deno.env.get("SYNSCAN_SERVICES");
  if (folder === undefined || folder === "") {
    throw new Error(
      "Cannot start servers: SYNSCAN_SERVICES names no folder. Set it to a folder, and run deno task record --prepare once",
    );
  }
  return folder;
}

/** Starts this program anew inside namespaces of its own, unless it is there, and ends with its exit status. */
export async function enterStage(): Promise<void> {
  if (Deno.env.get(INSIDE) !== undefined) return;
  servicesFolder();
  const child = new Deno.Command("unshare", {
    args: [
      ..."--net --uts --ipc --mount --pid --fork --kill-child --mount-proc --".split(" "),
      Deno.execPath(),
      "run",
      "--unstable-net",
      "--allow-all",
      Deno.mainModule,
      ...Deno.args,
    ],
    env: { [INSIDE]: "1" },
  }).spawn();
  Deno.exit((await child.status).code);
}

/** A server that was started. */
interface Running {
  readonly recipe: Recipe;
  child: Deno.ChildProcess;
  restarted: Promise<readonly RecipePort[]> | undefined;
}

/** The stage of this process. */
export class Stage {
  readonly root: string;
  readonly #folder: string;
  readonly #running = new Map<string, Running>();

  private constructor(folder: string, root: string) {
    this.#folder = folder;
    this.root = root;
  }

  /** Makes the copy of the root; call it once, inside. */
  static create(): Stage {
    const folder = servicesFolder();
    if (textOf(`${folder}/root/etc/debian_version`) === undefined) {
      throw new Error(`Cannot start servers: ${folder} holds no root. Run deno task record --prepare`);
    }
    const work = Deno.makeTempDirSync({ prefix: "synscan-stage" });
    const root = `${work}/root`;
    shell(`set -e
mount --make-rprivate /
mount -t tmpfs -o size=6g stage ${work}
mkdir ${work}/upper ${work}/work ${root}
mount -t overlay stage -o lowerdir=${folder}/root,upperdir=${work}/upper,workdir=${work}/work ${root}
mount -t proc proc ${root}/proc
mount -t tmpfs shm ${root}/dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 pts ${root}/dev/pts
ln -sf pts/ptmx ${root}/dev/ptmx
mkdir -p ${root}/run/lock ${root}${LAB}
chmod 1777 ${root}/tmp ${root}/run/lock
hostname lab
if [ -e ${root}/etc/ssl/certs/ssl-cert-snakeoil.pem ]; then
  cp ${root}${LAB}/cert.pem ${root}/etc/ssl/certs/ssl-cert-snakeoil.pem
  cp ${root}${LAB}/key.pem ${root}/etc/ssl/private/ssl-cert-snakeoil.key
fi
printf 'lab.test\\n' > ${root}/etc/mailname
printf 'lab\\n' > ${root}/etc/hostname
printf '127.0.0.1 localhost lab.test lab\\n' > ${root}/etc/hosts
printf '' > ${root}/etc/resolv.conf
ip link set lo up
sysctl -qw net.ipv4.ping_group_range='0 2147483647' net.core.somaxconn=4096 || true
`);
    return new Stage(folder, root);
  }

  /** Starts a server and those that it needs; returns the ports that do not listen in time. */
  async start(recipe: Recipe, all: readonly Recipe[], timeoutMs = 60_000): Promise<readonly RecipePort[]> {
    for (const name of recipe.needs) {
      const needed = all.find((one) => one.name === name);
      if (needed !== undefined && !this.#running.has(name)) await this.start(needed, all, timeoutMs);
    }
    if (!this.#running.has(recipe.name)) this.#launch(recipe);
    return await this.waitFor(recipe, timeoutMs);
  }

  /** Waits until all ports of a server listen; returns those that do not in time. */
  async waitFor(recipe: Recipe, timeoutMs: number): Promise<readonly RecipePort[]> {
    const deadline = performance.now() + timeoutMs;
    while (true) {
      const listening = await listeningSoon(recipe.isUdp);
      const missing = recipe.ports.filter(({ port }) => !listening.has(port));
      if (missing.length === 0 || performance.now() > deadline) return missing;
    }
  }

  /** Ends a server and all that it started, and starts it anew, unless a port listens again by now. */
  async restart(recipe: Recipe, port: number): Promise<readonly RecipePort[]> {
    const running = this.#running.get(recipe.name)!;
    await running.restarted;
    if ((await listeningSoon(running.recipe.isUdp)).has(port)) return [];
    return await (running.restarted = this.#restart(running));
  }

  async #restart(running: Running): Promise<readonly RecipePort[]> {
    const { recipe } = running;
    try {
      shell(`kill -KILL -- -${running.child.pid}`);
      await running.child.status;
    } catch {
      // It has ended by itself.
    }
    this.#launch(recipe);
    return await this.waitFor(recipe, 30_000);
  }

  /** Returns what a server printed, its last lines. */
  output(recipe: Recipe): string {
    return shell(`tail -c 600 ${this.#log(recipe)} 2>&1 || true`);
  }

  /** Returns the version of a Debian or npm package, or "". */
  packageVersion(name: string): string {
    if (name.startsWith("npm:")) {
      const file = `${this.#folder}/npm/node_modules/${npmPackage(name.slice(4)).name}/package.json`;
      return JSON.parse(Deno.readTextFileSync(file)).version;
    }
    if (name.startsWith("unpack:")) {
      return shell(`cat ${this.root}/unpacked/${name.slice(7)}.version 2>/dev/null || true`).trim();
    }
    return shell(`chroot ${this.root} dpkg-query -W -f '\${Version}' ${name} 2>/dev/null || true`).trim();
  }

  /** Returns the version in a recipe's truth with the one of an installed package in the place of its name. */
  trueVersion(port: RecipePort): string | undefined {
    const match = /^\{(.*)\}$/.exec(port.version ?? "");
    return match === null ? port.version : upstreamVersion(this.packageVersion(match[1]!));
  }

  #log(recipe: Recipe): string {
    return `${this.root}/tmp/${recipe.name}.log`;
  }

  #launch(recipe: Recipe): void {
    for (const [path, text] of Object.entries(recipe.files)) {
      const file = this.root + path;
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      // A file that several recipes share may be in use by one that was started before.
      if (textOf(file) !== text) Deno.writeTextFileSync(file, text);
    }
    const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games";
    const isNpm = recipe.packages.some((name) => name.startsWith("npm:"));
    const folder = isNpm ? `${this.#folder}/npm` : LAB;
    const command = `cd ${folder}; export PATH=${path}:$PATH HOME=/root LC_ALL=C.UTF-8; ${recipe.start}`;
    const inRoot = isNpm ? [] : ["chroot", this.root];
    const child = new Deno.Command("setsid", {
      args: [
        "sh",
        "-c",
        'log=$1; shift; exec "$@" > "$log" 2>&1',
        "sh",
        this.#log(recipe),
        ...inRoot,
        "sh",
        "-c",
        command,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
      env: isNpm ? { NODE_PATH: `${folder}/node_modules` } : {},
    }).spawn();
    child.unref();
    const running = this.#running.get(recipe.name);
    if (running === undefined) this.#running.set(recipe.name, { recipe, child, restarted: undefined });
    else running.child = child;
  }
}

/** Returns the text of a file; undefined if there is none. */
function textOf(file: string): string | undefined {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return undefined;
  }
}

const nextReadings = new Map<boolean, Promise<Set<number>>>();

/**
 * Returns the ports that listen, or of UDP those that sockets are bound to, a moment later; all that ask in this moment share one reading,
 * which takes the kernel long.
 */
export function listeningSoon(isUdp = false): Promise<Set<number>> {
  const next = nextReadings.get(isUdp) ?? delay(150).then(() => {
    nextReadings.delete(isUdp);
    return isUdp
      ? portsIn(["/proc/net/udp", "/proc/net/udp6"], BOUND)
      : portsIn(["/proc/net/tcp", "/proc/net/tcp6"], LISTENING);
  });
  nextReadings.set(isUdp, next);
  return next;
}

/** States of sockets in these files. */
const LISTENING = "0A";
const BOUND = "07";

/** Returns the local ports of sockets in a state, in this network namespace. */
function portsIn(files: readonly string[], wanted: string): Set<number> {
  const ports = new Set<number>();
  for (const file of files) {
    for (const line of Deno.readTextFileSync(file).split("\n").slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      if (state === wanted) ports.add(parseInt(local!.split(":")[1]!, 16));
    }
  }
  return ports;
}

/** Runs a shell command; returns what it printed. */
export function shell(script: string): string {
  const { success, stdout, stderr } = new Deno.Command("sh", { args: ["-c", script], stdin: "null" }).outputSync();
  if (!success) throw new Error(`Cannot run "${script.slice(0, 200)}": ${decoder.decode(stderr).trim()}`);
  return decoder.decode(stdout);
}

/** Waits. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
