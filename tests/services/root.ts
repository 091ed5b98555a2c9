/**
 * Makes the root of the servers: a Debian 12 tree with the packages of all recipes, and a folder with their npm packages.
 *
 * @module
 */

import { exists } from "../support/lab.ts";
import { LAB, npmPackage, type Recipe, UNPACKED } from "./recipe.ts";
import { servicesFolder, shell } from "./stage.ts";

const APT = "DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -o Dpkg::Use-Pty=0 install -qq -y --no-remove";

/** Makes the root, or adds what it lacks. Packages that cannot be installed are named and left out. */
export function prepareRoot(recipes: readonly Recipe[]): void {
  const folder = servicesFolder();
  const root = `${folder}/root`;
  if (!exists(`${root}/etc/debian_version`)) {
    Deno.mkdirSync(folder, { recursive: true });
    shell(`debootstrap --variant=minbase bookworm ${root}`);
  }
  shell(`set -e
if [ -e /etc/apt/sources.list.d/debian.sources ]; then
  cp /etc/apt/sources.list.d/debian.sources ${root}/etc/apt/sources.list.d/
  rm -f ${root}/etc/apt/sources.list
fi
cp /etc/resolv.conf ${root}/etc/resolv.conf
printf '#!/bin/sh\\nexit 101\\n' > ${root}/usr/sbin/policy-rc.d
chmod +x ${root}/usr/sbin/policy-rc.d
printf 'force-unsafe-io\\npath-exclude=/usr/share/man/*\\npath-exclude=/usr/share/doc/*\\n' > ${root}/etc/dpkg/dpkg.cfg.d/lab
printf 'APT::Install-Recommends "false";\\n' > ${root}/etc/apt/apt.conf.d/90lab
mountpoint -q ${root}/proc || mount -t proc proc ${root}/proc
chroot ${root} apt-get update -qq`);
  const words = [...new Set(recipes.flatMap((one) => one.packages))];
  installAll(root, ["openssl", "socat", "procps", ...words.filter((word) => !word.includes(":"))]);
  for (const word of words) if (word.startsWith("unpack:")) unpack(root, word.slice("unpack:".length));
  certify(root);
  installNpm(folder, words.filter((word) => word.startsWith("npm:")).map((word) => word.slice("npm:".length)));
  shell(`umount ${root}/proc || true`);
}

function installAll(root: string, names: readonly string[]): void {
  if (isInstalled(root, names)) return;
  if (attempt(`chroot ${root} sh -c '${APT} ${names.join(" ")}'`)) return;
  for (const name of names) {
    if (!isInstalled(root, [name]) && !attempt(`chroot ${root} sh -c '${APT} ${name}'`)) {
      console.log(`${name}: not installed`);
    }
  }
}

function isInstalled(root: string, names: readonly string[]): boolean {
  return attempt(`chroot ${root} dpkg-query -W ${names.join(" ")} > /dev/null 2>&1`);
}

/** Unpacks a package that conflicts with an installed one, with the libraries that it needs installed. */
function unpack(root: string, name: string): void {
  if (exists(`${root}${UNPACKED}/${name}.version`)) return;
  const done = attempt(`chroot ${root} sh -ec '
mkdir -p ${UNPACKED}; cd ${UNPACKED}
apt-get download -qq ${name}
dpkg -x ${name}_*.deb ${name}
dpkg-deb -f ${name}_*.deb Version > ${name}.version
for library in $(dpkg-deb -f ${name}_*.deb Depends | tr "," "\\n" | sed "s/^ *//; s/[ (|].*//" | grep "^lib"); do ${APT} $library; done
rm -f ${name}_*.deb'`);
  if (!done) console.log(`${name}: not unpacked`);
}

function certify(root: string): void {
  if (exists(`${root}${LAB}/both.pem`)) return;
  shell(`chroot ${root} sh -ec '
mkdir -p ${LAB}/www; cd ${LAB}
printf "<html><head><title>Lab</title></head><body>lab</body></html>\\n" > www/index.html
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=lab.test -addext subjectAltName=DNS:lab.test \\
  -keyout key.pem -out cert.pem 2> /dev/null
cat cert.pem key.pem > both.pem
chmod 644 key.pem both.pem'`);
}

/** Installs npm packages, each `NAME` or `NAME@VERSION`. */
function installNpm(folder: string, words: readonly string[]): void {
  const missing = words.filter((word) => {
    const { name, version } = npmPackage(word);
    const file = `${folder}/npm/node_modules/${name}/package.json`;
    return !exists(file) || !JSON.parse(Deno.readTextFileSync(file)).version.startsWith(version);
  });
  if (missing.length === 0) return;
  Deno.mkdirSync(`${folder}/npm`, { recursive: true });
  shell(`cd ${folder}/npm && npm install --no-audit --no-fund --ignore-scripts ${missing.join(" ")}`);
}

function attempt(script: string): boolean {
  try {
    shell(script);
    return true;
  } catch {
    return false;
  }
}
