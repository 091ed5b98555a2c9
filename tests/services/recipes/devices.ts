/** Recipes of devices: meters, sensors, controllers. */

import { type Recipe, recipe } from "../recipe.ts";

const MODBUS = `from pymodbus.server import StartTcpServer
from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
identity = ModbusDeviceIdentification()
identity.VendorName = "Lab"
identity.ProductCode = "L1"
identity.MajorMinorRevision = "1.2"
context = ModbusServerContext(slaves=ModbusSlaveContext(), single=True)
StartTcpServer(context=context, identity=identity, address=("0.0.0.0", 502))
`;
const LCD = `[server]
DriverPath=/usr/lib/x86_64-linux-gnu/lcdproc/
Driver=text
Bind=0.0.0.0
Port=13666
Foreground=yes
User=root
[text]
Size=20x4
`;

export const DEVICES: readonly Recipe[] = [
  recipe("knxd", "knxd", "exec knxd -i6720 -e 1.1.1 -E 1.1.2:2 dummy:", ["6720 knxd/knx/eib | knxd | -"]),
  recipe("nut-upsd", "nut-server", "mkdir -p /run/nut; exec upsd -D -u root", [
    "3493 nut | Network UPS Tools/NUT | {nut-server}",
  ], {
    files: {
      "/etc/nut/ups.conf": "[d]\ndriver=dummy-ups\nport=/lab/d.dev\n",
      "/etc/nut/upsd.conf": "LISTEN 0.0.0.0 3493\nALLOW_NO_DEVICE true\n",
      "/etc/nut/nut.conf": "MODE=standalone\n",
      "/etc/nut/upsd.users": "",
    },
  }),
  recipe("gpsd", "gpsd", "exec gpsd -N -n -G -F /tmp/gpsd.socket -S 2947", ["2947 gpsd | gpsd | {gpsd}"]),
  recipe("lircd", "lirc", "mkdir -p /run/lirc; exec lircd -n -H devinput -d /dev/null --listen=0.0.0.0:8767", [
    "8767 lirc | LIRC | {lirc}",
  ]),
  recipe("lcdproc", "lcdproc", "exec LCDd -f -c /lab/lcd.conf", ["13666 lcdproc | LCDproc | {lcdproc}"], {
    files: { "/lab/lcd.conf": LCD },
  }),
  recipe("pymodbus", "python3-pymodbus python3-serial python3-serial-asyncio", "exec python3 /lab/modbus_server.py", [
    "502 modbus | - | -",
  ], {
    files: { "/lab/modbus_server.py": MODBUS },
  }),
  recipe("owserver", "owserver", "exec owserver --foreground --fake=DS18B20 -p 4304", [
    "4304 owserver | owserver/OWFS | -",
  ]),
];
