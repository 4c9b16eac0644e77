/** The line to the terminals, for demonstrations: when cut, their requests are hung up on, without a byte of an answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export interface Line {
  isCut(): boolean;
  set(cut: boolean): void;
}

export function createLine(): Line {
  let cut = false;
  return {
    isCut: () => cut,
    set: (value) => {
      cut = value;
    },
  };
}

/** A request that comes while the line is cut never arrives; an answer that is ready when it is cut gets lost. */
export function hangUpWhenCut(app: FastifyInstance, line: Line): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (line.isCut()) hangUp(request, reply);
    else done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (line.isCut()) hangUp(request, reply);
    done(null, payload);
  });
}

function hangUp(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}
