import type { Socket } from 'node:net';
import { ErrorCodes, ResponseError, type MessageConnection } from 'vscode-jsonrpc/node';
import { DisposableStore } from '../core/base/disposables';
import type { Log } from '../core/base/log';
import type { RecordedEvent } from '../core/deployment/runEvents';
import { programVersion } from '../core/base/programVersion';
import { connectionOver } from '../core/run/socketConnection';
import {
  method,
  protocolVersion,
  type HelloReply,
  type RepairReply,
  type RepairRequest,
  type RestartReply,
  type RestartRequest,
  type StatusReply,
  type StopReply,
  type StopRequest,
  type SubscribeReply,
} from '../core/run/supervisorProtocol';
import type { RunOwner } from './runOwner';
import type { RunRecorder } from '../core/run/runRecorder';

export interface SessionOf {
  readonly owner: RunOwner;
  readonly recorder: RunRecorder;
  readonly log: Log;
  /** Milliseconds for which a client may read nothing while events wait for it. One that comes back gets the whole state anew. */
  readonly patience: number;
}

/** What one client asks, and what it gets. */
export class ClientSession {
  private readonly connection: MessageConnection;
  private readonly subscriptions = new DisposableStore();
  private readonly answering = new Set<Promise<unknown>>();
  private greeted = false;
  /** Events that the system has not taken yet. */
  private waiting = 0;
  /** When it took one, or there was none to take; on the monotonic clock. */
  private readAt = 0;

  constructor(
    private readonly socket: Socket,
    private readonly run: SessionOf,
    onClosed: () => void,
  ) {
    this.connection = connectionOver(socket);
    this.connection.onError(([error]) => {
      run.log.warn(`A client was dropped: ${error.message}`);
      socket.destroy();
    });
    this.connection.onClose(() => {
      this.subscriptions.dispose();
      this.connection.dispose();
      onClosed();
    });
    this.offerMethods();
    this.connection.listen();
  }

  /** Ends the connection after every answer has been handed to the system. */
  async finish(): Promise<void> {
    await Promise.allSettled(this.answering);
    // Messages leave in order: when this one is written, so are all answers before it.
    await new Promise((resolve) => setImmediate(resolve));
    await this.connection.sendNotification(method.goodbye).catch(() => undefined);
    await new Promise<void>((resolve) => {
      this.socket.end(resolve);
      if (this.socket.destroyed) resolve();
    });
  }

  private offerMethods(): void {
    const { owner, recorder } = this.run;
    this.answer(method.hello, (): HelloReply => {
      this.greeted = true;
      return {
        protocol: protocolVersion,
        minimum: protocolVersion,
        runId: recorder.snapshot.id,
        version: programVersion,
      };
    });
    this.answer(method.status, async (): Promise<StatusReply> => {
      await owner.measure();
      return { run: recorder.snapshot };
    });
    this.answer(method.stop, async ({ force }: StopRequest): Promise<StopReply> => {
      await owner.stop({ force: force === true });
      return { run: recorder.snapshot };
    });
    this.answer(method.subscribe, (): SubscribeReply => {
      this.subscriptions.add(
        recorder.onDidRecord((event) => {
          this.tell(event);
        }),
      );
      return { run: recorder.snapshot };
    });
    this.answer(method.measure, async (): Promise<object> => {
      await owner.measure();
      return {};
    });
    this.answer(method.restart, async ({ model }: RestartRequest): Promise<RestartReply> => ({
      problems: await owner.restart(model),
    }));
    this.answer(method.repair, async ({ orchestrator }: RepairRequest): Promise<RepairReply> => ({
      problems: await owner.repair(orchestrator),
    }));
  }

  private tell(event: RecordedEvent): void {
    const now = performance.now();
    if (this.waiting === 0) this.readAt = now;
    if (now - this.readAt > this.run.patience) {
      // It is stopped, or hangs: what waits for it would make us grow.
      this.run.log.warn('A client was dropped: it does not read any more.');
      this.socket.destroy();
      return;
    }
    this.gather();
    this.waiting += 1;
    const done = (): void => {
      this.waiting -= 1;
      this.readAt = performance.now();
    };
    this.connection.sendNotification(method.event, event).then(done, done);
  }

  /** Events come in bursts, and each write wakes the client: those of one turn leave together. */
  private gather(): void {
    if (this.socket.writableCorked > 0) return;
    this.socket.cork();
    setImmediate(() => {
      this.socket.uncork();
    });
  }

  private answer(name: string, handler: (params: never) => object | Promise<object>): void {
    this.connection.onRequest(name, (params: object) => {
      if (!this.greeted && name !== method.hello) {
        return new ResponseError(ErrorCodes.InvalidRequest, `${name} before ${method.hello}`);
      }
      const reply = Promise.resolve(handler(params as never));
      this.answering.add(reply);
      const done = (): void => {
        this.answering.delete(reply);
      };
      reply.then(done, done);
      return reply;
    });
  }
}
