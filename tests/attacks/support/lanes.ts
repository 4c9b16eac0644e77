/** Work shared out over processes, one piece at a time to whoever is free. A piece and its answer are plain data. */
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const LANES = Math.max(1, Math.min(8, availableParallelism()));

/**
 * `script` calls `serveLane`. Answers come in the order of the pieces; rejects when a lane dies. `onAnswer` is told of each
 * as it comes.
 */
export async function shareOut<Piece, Answer>(
  script: URL,
  pieces: readonly Piece[],
  onAnswer: (answer: Answer) => void = () => undefined,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    if (next >= pieces.length) return;
    const lane = fork(script, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    try {
      while (next < pieces.length) {
        const index = next++;
        const answer = (await ask(lane, pieces[index])) as Answer;
        answers[index] = answer;
        onAnswer(answer);
      }
    } finally {
      // so that it can clear up after itself
      if (lane.connected) lane.disconnect();
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  return answers;
}

function ask(lane: ChildProcess, piece: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a lane died with ${code}`));
    lane.once('exit', onExit);
    lane.once('message', (answer) => {
      lane.off('exit', onExit);
      resolve(answer);
    });
    lane.send(piece as object);
  });
}

/** In the script of a lane: answers piece after piece until the parent lets go of it. */
export function serveLane<Piece, Answer>(work: (piece: Piece) => Promise<Answer>): void {
  process.on('message', (piece) => {
    void work(piece as Piece).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
}
