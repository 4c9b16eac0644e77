/** The platform's signed word that a stream stands at a head (money-and-sync 4.4). */
import { checkpointText } from '../../contract/enrolment.ts';
import type { BatchReply } from '../../contract/platform-api.schema.ts';
import type { TerminalIdentity } from './terminal-identity.ts';

/** Whether the checkpoint of a reply is the platform's own signature over that head of ours. */
export function isCheckpointGood(
  identity: TerminalIdentity,
  stream: string,
  incarnation: string,
  { head, checkpoint }: Pick<BatchReply, 'head' | 'checkpoint'>,
): boolean {
  const { keyId, publicKey } = identity.platform.signing;
  if (checkpoint?.keyId !== keyId) return false;
  const text = checkpointText({ terminal: identity.terminal, incarnation, stream, ...head, atMs: checkpoint.atMs });
  return identity.provider.verify(publicKey, Buffer.from(text), Buffer.from(checkpoint.signature, 'base64'));
}
