/** The fuzzer bites: a platform with a bug in it does not get through. */
import { describe, expect, it } from 'vitest';
import type { BatchRequest } from '../../../contract/platform-api.schema.ts';
import { firstOf } from '../../../platform/ingest/ingest.types.ts';
import { fuzzPlatform } from './fuzz-run.ts';
import type { Sabotage } from './platform-under-fuzz.ts';

const REQUESTS = 1_500;
const TIMEOUT_MS = 120_000;

/** The bug that was found in the sketch of this platform: a refusal returned from inside the transaction that had begun. */
const halfBatchOfAGap: Sabotage = ({ context: { ingest, database } }) => {
  const { take } = ingest;
  Object.assign(ingest, {
    take: async (...batch: Parameters<typeof take>) => {
      const answer = await take(...batch);
      if (answer.kind !== 'gap') return answer;
      const [terminal, stream, body] = batch;
      const { incarnation, records } = JSON.parse(Buffer.from(body).toString('utf8')) as BatchRequest;
      const first = firstOf({ records });
      const row = {
        ...{ terminal_id: terminal, incarnation, stream, first_seq: first.seq, last_seq: first.seq },
        ...{ prev_hash: first.hash, events: '{}', received_ms: 0 },
      };
      await database
        .insertInto('record_batches')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return answer;
    },
  });
};

/** Money counted again when a batch is said again. */
const countedTwice: Sabotage = ({ context: { ingest, database } }) => {
  const { take } = ingest;
  Object.assign(ingest, {
    take: async (...batch: Parameters<typeof take>) => {
      const before = await database.selectFrom('heads').selectAll().execute();
      const answer = await take(...batch);
      const after = await database.selectFrom('heads').selectAll().execute();
      if (answer.kind === 'accepted' && JSON.stringify(before) === JSON.stringify(after))
        await database
          .updateTable('payments')
          .set((row) => ({ amount_cents: row('amount_cents', '+', 1) }))
          .execute();
      return answer;
    },
  });
};

/** A reason to park is forgotten. */
const nothingParked: Sabotage = ({ context: { ingest } }) => {
  const { take } = ingest;
  Object.assign(ingest, {
    take: async (...batch: Parameters<typeof take>) => {
      const answer = await take(...batch);
      return answer.kind === 'accepted' ? { ...answer, reply: { ...answer.reply, parked: [] } } : answer;
    },
  });
};

const fails: Sabotage = ({ context }) => {
  const { heard } = context.presences;
  let times = 0;
  Object.assign(context.presences, {
    heard: (...said: Parameters<typeof heard>) => {
      times += 1;
      if (times % 20 === 0) throw new Error('planted');
      heard(...said);
    },
  });
};

const undeclared: Sabotage = ({ context }) => {
  const { read } = context.queueLengths;
  Object.assign(context.queueLengths, {
    read: async () => (await read()).map((queue) => ({ ...queue, people: ['somebody'] })),
  });
};

describe('a planted bug is found', () => {
  it.each([
    ['half a batch written with its refusal', halfBatchOfAGap, /409 .* has written 1 rows of record_batches/],
    ['money counted again', countedTwice, /payments: the platform has|charge.amountChanged/],
    ['a parked record that is not told', nothingParked, /parked of/],
    ['a bug behind a 500', fails, /500 .*planted/],
    ['an answer that is not in the OpenAPI document', undeclared, /the body is not the declared one/],
  ])(
    '%s',
    async (_name, sabotage, words) => {
      const { violations } = await fuzzPlatform({ seed: 5, requests: REQUESTS, sabotage, shrinkForMs: 0 });
      expect(violations.join('\n')).toMatch(words);
    },
    TIMEOUT_MS,
  );
});
