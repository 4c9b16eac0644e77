/**
 * One kept connection that sends prepared bytes and reads answers with a Content-Length: as little as a client can do, so that
 * what is measured is the server.
 */
import { connect, type Socket } from 'node:net';

export interface LeanAnswer {
  readonly status: number;
  /** Header lines as they came. */
  readonly head: string;
  readonly body: string;
}

interface Waiting {
  readonly resolve: (answer: LeanAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class LeanConnection {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #unread = '';
  #gone: Error | undefined;

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    // header fields and our bodies are ASCII or UTF-8; lengths are counted in bytes, so bytes stay one character each
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('close', () => this.#end(new Error('the line was closed')));
  }

  /** Rejects when the line breaks before the answer is whole. */
  send(request: Uint8Array): Promise<LeanAnswer> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(request);
    });
  }

  get isOpen(): boolean {
    return this.#gone === undefined;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#unread = this.#unread === '' ? chunk : this.#unread + chunk;
    for (;;) {
      const headEnd = this.#unread.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = this.#unread.slice(0, headEnd);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const end = headEnd + 4 + length;
      if (this.#unread.length < end) return;
      const body = this.#unread.slice(headEnd + 4, end);
      this.#unread = this.#unread.slice(end);
      this.#waiting.shift()?.resolve({ status: Number(head.slice(9, 12)), head, body });
    }
  }

  #end(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#gone);
  }
}

/** The bytes of a POST. */
export function postBytes(path: string, headers: Readonly<Record<string, string>>, body: string): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: platform\r\n${lines.join('')}content-length: ${length}\r\n\r\n${body}`,
  );
}
