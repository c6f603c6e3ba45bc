import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { Disposable } from '../base/disposables';
import { Emitter } from '../base/event';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { RecordedEvent } from '../deployment/runEvents';
import { connectionOver } from './socketConnection';
import {
  method,
  protocolVersion,
  type HelloReply,
  type HelloRequest,
  type RepairReply,
  type RepairRequest,
  type RestartReply,
  type RestartRequest,
  type StatusReply,
  type StopReply,
  type StopRequest,
  type SubscribeReply,
} from './supervisorProtocol';

/** Milliseconds until a supervisor must have answered. A stop takes as long as its models may take to end. */
const limits = { connect: 2000, answer: 10_000, stop: 120_000 } as const;

/** Turns of the event loop in which the last messages of a supervisor that was killed are handed on. */
const lastTurns = 200;

/** One connection to the supervisor of one run. Does not connect again by itself. */
export class SupervisorClient implements Disposable {
  private readonly received = new Emitter<RecordedEvent>();
  private readonly closed = new Emitter<void>();
  readonly onDidReceive = this.received.event;
  readonly onDidClose = this.closed.event;

  /** The supervisor has said its last word. */
  private dismissed = false;
  private oldest: number = protocolVersion;

  /** The oldest protocol that a newer supervisor still speaks, when that is newer than ours; then only `stop` and `status` may be asked. */
  get newerProtocol(): number | undefined {
    return this.oldest > protocolVersion ? this.oldest : undefined;
  }

  private constructor(
    private readonly socket: Socket,
    private readonly connection: MessageConnection,
  ) {
    connection.onNotification(method.event, (event: RecordedEvent) => {
      this.received.fire(event);
    });
    // Its end is told by `onClose`; broken messages end the connection as well.
    connection.onError(() => {
      socket.destroy();
    });
    connection.onNotification(method.goodbye, () => {
      this.dismissed = true;
    });
    connection.onClose(() => {
      void this.closeAfterLastMessages();
    });
    connection.listen();
  }

  /** Connects and says hello; undefined when nobody answers there. */
  static async connect(socketPath: string): Promise<SupervisorClient | undefined> {
    const socket = await openSocket(socketPath);
    if (socket === undefined) return undefined;
    const client = new SupervisorClient(socket, connectionOver(socket));
    const hello: HelloRequest = { protocol: protocolVersion, minimum: protocolVersion };
    const reply = await client.request<HelloReply>(method.hello, hello, limits.connect);
    if (reply.ok) {
      client.oldest = reply.value.minimum;
      return client;
    }
    client.dispose();
    return undefined;
  }

  status(): Promise<Result<StatusReply>> {
    return this.request(method.status, {}, limits.answer);
  }

  subscribe(): Promise<Result<SubscribeReply>> {
    return this.request(method.subscribe, {}, limits.answer);
  }

  measure(): Promise<Result<object>> {
    return this.request(method.measure, {}, limits.answer);
  }

  stop(request: StopRequest): Promise<Result<StopReply>> {
    return this.request(method.stop, request, limits.stop);
  }

  restart(request: RestartRequest): Promise<Result<RestartReply>> {
    return this.request(method.restart, request, limits.stop);
  }

  repair(request: RepairRequest): Promise<Result<RepairReply>> {
    return this.request(method.repair, request, limits.stop);
  }

  dispose(): void {
    this.connection.dispose();
    this.socket.destroy();
  }

  /** The library hands on one message a turn. Those that came with the close, an answer among them, are not lost. */
  private async closeAfterLastMessages(): Promise<void> {
    for (let turns = 0; !this.dismissed && turns < lastTurns; turns += 1) await nextTurn();
    this.connection.dispose();
    this.closed.fire();
  }

  private async request<T>(name: string, params: object, limit: number): Promise<Result<T>> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => {
        resolve('late');
      }, limit);
    });
    try {
      const reply = await Promise.race([this.connection.sendRequest<T>(name, params), late]);
      if (reply !== 'late') return success(reply);
      return failure(problem('request-unanswered', { request: name, seconds: limit / 1000 }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return failure(problem('request-failed', { request: name, reason }));
    } finally {
      clearTimeout(timer);
    }
  }
}

function openSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(undefined);
    }, limits.connect);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once('error', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
