#!/bin/bash
# TinySSH (Debian tinysshd 20230101-1): its identification string ends in a comment that differs at every connection.
#
# Expected: the identification string of an SSH server (RFC 4253 section 4.2) is a constant of its build, so that it can be
# compared between scans, or counted to find copies of a server; what is random belongs into the cookie of KEXINIT.
# Seen: "SSH-2.0-tinyssh_20230101-1 nmHRCjjF", "SSH-2.0-tinyssh_20230101-1 Ma3NqiNF": eight random characters each time.
# Only what is before the space is the same. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=20230101-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "tinysshd=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x tinysshd_*.deb root
root/usr/sbin/tinysshd-makekey keys
# It serves one connection on its standard input and output, as under inetd.
for _ in 1 2 3 4; do
  sleep 1 | root/usr/sbin/tinysshd keys 2> /dev/null | head -n 1 | tr -d '\r' >> banners.txt || true
done
echo "tinysshd $version, four connections:"
cat banners.txt
suffixed=$(grep -cE '^SSH-2\.0-tinyssh_20230101-1 [A-Za-z0-9]{8}$' banners.txt || true)
different=$(sort -u banners.txt | wc -l)
[ "$suffixed $different" = "4 4" ] || { echo "This has changed"; exit 1; }
echo "As found: four different banners of one server"
