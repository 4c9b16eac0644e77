/** The camera page: an oval to look into, one sentence at a time, and the way without a camera as near as the hand. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { FaceHint } from '../../contract/check.schema.ts';
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import { startFaceCheck } from '../face/face-check.ts';
import { useKiosk } from '../kiosk.context.ts';
import styles from './face-camera.module.css';

export function FaceCameraScreen({ screen }: { readonly screen: ScreenOf<'face-camera'> }) {
  const { clock, gate, page, send } = useKiosk();
  const videoRef = useRef<HTMLVideoElement>(null);
  const [hint, setHint] = useState<FaceHint>('starting');
  const { adapter, challenges, seconds } = screen;
  // A View may come again with the same page (the clock on the glass moves): the camera is not started over by it.
  const asked = challenges.join(' ');
  const sendRef = useRef(send);
  useLayoutEffect(() => {
    sendRef.current = send;
  }, [send]);
  // Before the paint, not after it: the camera is off when the page is.
  useLayoutEffect(() => {
    const video = videoRef.current;
    if (!video) return undefined;
    const check = startFaceCheck({
      video,
      clock,
      adapter,
      challenges: asked.split(' ') as typeof challenges,
      seconds,
      onHint: setHint,
      onResult(result) {
        // The page's one answer: a key pressed before it has already answered.
        if (gate.spend(page)) void sendRef.current({ kind: 'face', result });
      },
    });
    return () => check.stop();
  }, [adapter, asked, clock, gate, page, seconds]);
  return (
    <Page
      title={screen.title}
      subtitle={screen.subtitle}
      focal={
        <div className={styles.mirror}>
          <div className={styles.oval} data-hint={hint}>
            {/* Nothing is spoken by it: it is the resident's own mirror. */}
            <video ref={videoRef} className={styles.video} muted playsInline aria-hidden="true" />
          </div>
        </div>
      }
      back={{ label: screen.back }}
      next={{ label: screen.next, tone: 'plain' }}
    >
      <output className={styles.hint}>{screen.hints[hint]}</output>
    </Page>
  );
}
