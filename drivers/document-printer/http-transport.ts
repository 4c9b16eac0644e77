/**
 * IPP over HTTP/1.1 (RFC 8010 section 4). A connection a message: what is left of an answer that was given up goes with its
 * connection, and a printer that restarts never meets a half-dead one.
 */
import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { problem } from '../../contract/outcome.schema.ts';
import { MAX_ANSWER_BYTES, type IppDelivery, type IppTransport } from './ipp-transport.ts';

/** RFC 8010 4 and RFC 7472 4: both have the port 631 of their own. */
const IPP_PORT = 631;

export interface HttpTransportOptions {
  /** What vouches for an `ipps` printer; the certificates the machine trusts unless given. */
  readonly trusted?: readonly string[];
}

/** `ipp://host[:port]/path` or `ipps://…`. */
export function httpTransport(uri: string, { trusted }: HttpTransportOptions = {}): IppTransport {
  const { protocol, hostname, port, pathname } = new URL(uri);
  const options: RequestOptions = {
    method: 'POST',
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? IPP_PORT : Number(port),
    path: pathname,
    agent: false,
    headers: { 'Content-Type': 'application/ipp', Accept: 'application/ipp' },
  };
  if (protocol !== 'ipps:') return transport(uri, (settings) => httpRequest({ ...options, ...settings }));
  return transport(uri, (settings) => {
    const ca = [...(trusted ?? getCACertificates('system'))];
    return httpsRequest({ ...options, ...settings, ca, rejectUnauthorized: true });
  });
}

type Open = (settings: RequestOptions) => ClientRequest;

function transport(address: string, open: Open): IppTransport {
  const closing = new AbortController();
  return {
    address,
    deliver: (message, signal) => exchangeOverHttp(open, message, AbortSignal.any([signal, closing.signal])),
    close() {
      closing.abort();
      return Promise.resolve();
    },
  };
}

/** Shared with tests, which bring a wire of their own. */
export function exchangeOverHttp(open: Open, message: Uint8Array, signal: AbortSignal): Promise<IppDelivery> {
  return new Promise((resolve) => {
    let hasLeft = false;
    let isAnswering = false;
    const headers = { 'Content-Type': 'application/ipp', Accept: 'application/ipp', 'Content-Length': message.length };
    const request = open({ headers });
    const end = (delivery: IppDelivery): void => {
      signal.removeEventListener('abort', give);
      resolve(delivery);
    };
    const lost = (detail: string): void => {
      // From the first byte of the answer on, its own end tells how it went.
      if (isAnswering) return;
      const kind = hasLeft ? 'unanswered' : 'unsent';
      end({ kind, problem: problem(hasLeft ? 'device.lost' : 'device.absent', detail) });
    };
    function give(): void {
      request.destroy();
      lost('given up');
    }
    // On TLS the secure connection counts: before it, not one byte of the message is on the way.
    request.on('socket', (socket) => {
      const isTls = 'encrypted' in socket;
      if (!socket.connecting && !isTls) hasLeft = true;
      else socket.once(isTls ? 'secureConnect' : 'connect', () => (hasLeft = true));
    });
    request.on('error', (error) => lost(error.message));
    request.on('close', () => lost('closed without an answer'));
    request.on('response', (response) => {
      isAnswering = true;
      void readAnswer(response).then(end);
    });
    if (signal.aborted) return give();
    signal.addEventListener('abort', give, { once: true });
    request.end(message);
  });
}

function readAnswer(response: IncomingMessage): Promise<IppDelivery> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const broken = (detail: string): void =>
      resolve({ kind: 'unanswered', problem: problem('device.garbage', detail) });
    response.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
      else response.destroy();
    });
    response.on('error', (error) => broken(error.message));
    response.on('close', () => {
      if (bytes > MAX_ANSWER_BYTES) broken(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
      else if (!response.complete) broken('the answer was cut');
      else if (response.statusCode !== 200) broken(`HTTP ${response.statusCode}`);
      else if (!isIpp(response.headers['content-type'])) broken('the answer is not application/ipp');
      else resolve({ kind: 'answered', body: Uint8Array.from(Buffer.concat(chunks)) });
    });
  });
}

function isIpp(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/ipp';
}
