import type { SerialPort } from 'serialport';
import type { ByteSimulator } from './byte-simulator.ts';
import type { ServedSimulator } from './serve-tcp.ts';

/**
 * Puts the simulator on a serial device, in practice one end of a pseudo-terminal pair. The native binding is loaded
 * only when this is called. A fault that cuts the wire closes the port for good, as a pulled plug would.
 * Rejects when the device cannot be opened.
 */
export async function serveSerial(
  simulator: ByteSimulator,
  path: string,
  baudRate = 115_200,
): Promise<ServedSimulator> {
  const { SerialPort: Port } = await import('serialport');
  const port = await open(new Port({ path, baudRate, autoOpen: false }));
  simulator.connected();
  port.on('data', (bytes: Buffer) => simulator.feed(Uint8Array.from(bytes)));
  port.on('error', () => port.close()); // the other end of the pair is gone
  port.on('close', () => simulator.disconnected());
  const stopOutput = simulator.onOutput((bytes) => void port.write(Buffer.from(bytes)));
  const stopHangUp = simulator.onHangUp(() => void close(port));
  return {
    address: path,
    port: 0,
    close() {
      stopOutput();
      stopHangUp();
      return close(port);
    },
  };
}

function open(port: SerialPort): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve(port)));
  });
}

function close(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    if (port.isOpen) port.close(() => resolve());
    else resolve();
  });
}
