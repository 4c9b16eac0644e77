/** `session`: permissions, requests, downloads and the app protocol of one partition. */
import { EventEmitter } from 'node:events';
import { strict } from './strict.ts';

export interface RequestDetails {
  readonly url: string;
}
export type BeforeRequest = (details: RequestDetails, callback: (answer: { cancel?: boolean }) => void) => void;
export type PermissionRequest = (
  contents: unknown,
  permission: string,
  callback: (isGranted: boolean) => void,
  details: Readonly<Record<string, unknown>>,
) => void;
export type PermissionCheck = (
  contents: unknown,
  permission: string,
  origin: string,
  details: Readonly<Record<string, unknown>>,
) => boolean;

export type AnswerHandler = (request: unknown, callback: (answer: object) => void) => void;

export class FakeSession extends EventEmitter {
  readonly partition: string;
  readonly options: unknown;
  readonly schemes = new Map<string, (request: Request) => Promise<Response>>();
  readonly protocol;
  readonly webRequest;
  beforeRequest: BeforeRequest | undefined;
  permissionRequest: PermissionRequest | undefined;
  permissionCheck: PermissionCheck | undefined;
  devicePermission: (() => boolean) | undefined;
  bluetoothPairing: AnswerHandler | undefined;
  displayMedia: AnswerHandler | undefined;

  constructor(partition: string, options: unknown) {
    super();
    this.partition = partition;
    this.options = options;
    this.protocol = strict('session.protocol', {
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
        void this.schemes.set(scheme, handler),
    });
    this.webRequest = strict('session.webRequest', {
      onBeforeRequest: (handler: BeforeRequest) => {
        this.beforeRequest = handler;
      },
    });
  }

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    this.devicePermission = handler;
  }

  setBluetoothPairingHandler(handler: AnswerHandler): void {
    this.bluetoothPairing = handler;
  }

  setDisplayMediaRequestHandler(handler: AnswerHandler): void {
    this.displayMedia = handler;
  }

  /** As Electron: without a handler everything is granted. */
  asks(permission: string, details: Readonly<Record<string, unknown>>): boolean {
    let isGranted = true;
    this.permissionRequest?.(null, permission, (answer) => (isGranted = answer), details);
    return isGranted;
  }

  checks(permission: string, origin: string, details: Readonly<Record<string, unknown>>): boolean {
    return this.permissionCheck?.(null, permission, origin, details) ?? true;
  }

  isCancelled(url: string): boolean {
    let isCancelled = false;
    this.beforeRequest?.({ url }, ({ cancel }) => (isCancelled = cancel === true));
    return isCancelled;
  }
}
