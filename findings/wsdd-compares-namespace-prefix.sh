#!/bin/bash
# wsdd (Debian 2:0.7.0-2.1, makes Samba hosts appear in the network view of Windows by WS-Discovery): it replies to a Probe only if that calls
# the namespace of its type "wsdp", and only by multicast.
#
# Expected: in XML the prefix of a namespace is the sender's choice (Namespaces in XML, section 4), so a Probe for p:Device with
# xmlns:p="http://schemas.xmlsoap.org/ws/2006/02/devprof" is one for wsdp:Device; a Probe without Types asks for any type (WS-Discovery
# 2005/04, section 5.2); and a Probe to the address itself gets a reply, as `ss` shows a socket of wsdd at that address, port 3702.
# Seen: ProbeMatches for "wsdp:Device" to 239.255.255.250, sent from 10.31.0.2:3702. Nothing, neither a reply nor an ICMP error, for the same
# document with another prefix, without Types, and for each of them to 10.31.0.2:3702 (open|filtered to a UDP scan). Windows writes wsdp.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2:0.7.0-2.1
folder=$(mktemp -d)
one=ws$$a two=ws$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "wsdd=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x wsdd_*.deb root
for space in $one $two; do ip netns add $space; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
for each in "$one 1" "$two 2"; do
  read -r space number <<< "$each"
  ip -n $space address add "10.31.0.$number/24" dev eth0
  ip -n $space link set lo up
  ip -n $space link set eth0 up
  ip -n $space route add 224.0.0.0/4 dev eth0
done
ip netns exec $two /usr/bin/python3 root/usr/sbin/wsdd -i eth0 -4 -n HOST -v > wsdd.log 2>&1 &
server=$!
for _ in $(seq 100); do ip netns exec $two ss -Hlun | grep -q 10.31.0.2:3702 && break; sleep 0.1; done
ip netns exec $two ss -Hlun | awk '/:3702/ { print "socket", $4 }' | sort > seen.txt
cat > ask.py <<'END'
import socket, time, uuid
SOAP, WSA, WSD, WSDP = ("http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/ws/2004/08/addressing",
                        "http://schemas.xmlsoap.org/ws/2005/04/discovery", "http://schemas.xmlsoap.org/ws/2006/02/devprof")
def probe(types):
    return f"""<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}" xmlns:a="{WSA}" xmlns:d="{WSD}" xmlns:p="{WSDP}" xmlns:wsdp="{WSDP}"><s:Header>
<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To><a:Action>{WSD}/Probe</a:Action><a:MessageID>{uuid.uuid4().urn}</a:MessageID>
</s:Header><s:Body><d:Probe>{types}</d:Probe></s:Body></s:Envelope>""".encode()
for to in ("239.255.255.250", "10.31.0.2"):
    for name, types in (("wsdp:Device", "<d:Types>wsdp:Device</d:Types>"), ("p:Device", "<d:Types>p:Device</d:Types>"), ("no Types", "")):
        asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asker.sendto(probe(types), (to, 3702))
        asker.settimeout(3)
        replies = []
        try:
            while True:
                data, sender = asker.recvfrom(65536)
                replies.append(f"{'ProbeMatches' if b'ProbeMatches' in data else '?'} from {sender[0]}:{sender[1]}")
        except socket.timeout: pass
        except OSError as error: replies.append(str(error))
        print(f"{name} to {to}:", ", ".join(sorted(set(replies))) or "no reply", flush=True)
END
ip netns exec $one python3 ask.py >> seen.txt
echo "wsdd $version:"
cat seen.txt
cat > expected.txt <<'END'
socket 10.31.0.2:3702
socket 239.255.255.250:3702
wsdp:Device to 239.255.255.250: ProbeMatches from 10.31.0.2:3702
p:Device to 239.255.255.250: no reply
no Types to 239.255.255.250: no reply
wsdp:Device to 10.31.0.2: no reply
p:Device to 10.31.0.2: no reply
no Types to 10.31.0.2: no reply
END
cmp -s seen.txt expected.txt || { cat wsdd.log; echo "This has changed"; exit 1; }
echo "As found: it compares the prefix, and replies to multicast only"
