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

const DCMJS = `const { Server, Scp, responses, constants } = require("dcmjs-dimse");
class Echo extends Scp {
  associationRequested(association) {
    for (const { id } of association.getPresentationContexts()) {
      association.getPresentationContext(id).setResult(
        constants.PresentationContextResult.Accept,
        constants.TransferSyntax.ImplicitVRLittleEndian,
      );
    }
    this.sendAssociationAccept();
  }
  cEchoRequest(request, callback) {
    const response = responses.CEchoResponse.fromRequest(request);
    response.setStatus(constants.Status.Success);
    callback(response);
  }
  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}
new Server(Echo).listen(11113);
`;
const OPCUA = `const { OPCUAServer } = require("node-opcua");
const server = new OPCUAServer({ port: 4840, resourcePath: "/UA/Lab" });
server.initialize().then(() => server.start());
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
  recipe("dcmtk", "dcmtk", "mkdir -p dicom; exec storescp -od dicom 11112", ["11112 dicom | DCMTK | 3.6.7"]),
  recipe("orthanc", "orthanc", "mkdir -p orthanc; exec Orthanc /lab/orthanc.json", [
    "orthanc-dicom:4242 dicom | Orthanc/DCMTK | -",
    "orthanc-http:8042 http | Orthanc | {orthanc}",
  ], {
    files: {
      "/lab/orthanc.json":
        '{"HttpPort":8042,"DicomPort":4242,"RemoteAccessAllowed":true,"AuthenticationEnabled":false,"StorageDirectory":"/lab/orthanc","IndexDirectory":"/lab/orthanc"}\n',
    },
  }),
  recipe("dcmjs-dimse", "npm:dcmjs-dimse", `exec node -e '${DCMJS}'`, ["11113 dicom | dcmjs-dimse | -"]),
  // Its module is compiled once, which takes longer than a start may.
  recipe(
    "snap7",
    "npm:node-snap7",
    "[ -e node_modules/node-snap7/build/Release ] || npm rebuild --nodedir=/usr node-snap7; " +
      `exec node -e 'new (require("node-snap7").S7Server)().StartTo("0.0.0.0")'`,
    ["102 s7comm | Snap7 | -"],
  ),
  recipe("node-opcua", "npm:node-opcua", `exec node -e '${OPCUA}'`, ["4840 opcua-tcp | - | -"]),
];
