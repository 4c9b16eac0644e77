/** The fingerprint modules as the conformance suite tries them: the family, one of a newer kind, and a clone. */
import type { Chance, Clock } from '../../../contract/clock.ts';
import type { FingerprintCommand } from '../../../contract/devices/fingerprint-reader.schema.ts';
import type { ByteLink } from '../../link/byte-link.ts';
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject, type ConformanceTask } from '../../testing/conformance/subject.ts';
import { fingerprintModel, type FingerprintModelName } from '../fingerprint-models.ts';
import { FingerprintReaderDriver } from '../fingerprint-reader.driver.ts';
import { fingerOf, templateOf } from '../simulator/fingers.ts';
import { ZfmSimulator } from '../simulator/zfm.simulator.ts';

/** A real picture takes seven seconds of line time and says nothing new about a driver. */
const IMAGE_BYTES = 256;

const ADVISED = ['dry', 'press'].map((advice) => JSON.stringify({ kind: 'capture', print: 'poor', advice }));

interface Kind {
  readonly name: string;
  readonly model: FingerprintModelName;
  readonly templateBytes: number;
  readonly prepare?: (module: ZfmSimulator) => void;
  /** Tasks that say something new about this kind; all when absent. */
  readonly only?: readonly string[];
}

const MATCHES = 'matches the right finger';
const DOES_NOT = 'does not match another person';

const KINDS: readonly Kind[] = [
  { name: 'fingerprint-reader zfm-20', model: 'zfm-20', templateBytes: 512 },
  { name: 'fingerprint-reader r503', model: 'r503', templateBytes: 768, only: [MATCHES] },
  {
    name: 'fingerprint-reader zfm-clone without ReadSysPara',
    model: 'zfm-clone',
    templateBytes: 512,
    only: [DOES_NOT],
    prepare: (module) => {
      module.faults.noParameters = true;
    },
  },
];

export const SUBJECTS: readonly ConformanceSubject[] = KINDS.map((kind) =>
  subject<ZfmSimulator>({
    name: kind.name,
    openDriver: (link, clock) => openDriver(kind, link, clock),
    openDevice: ({ clock, chance }) => openModule(kind, clock, chance),
    tasks: tasksOf(kind).filter(({ name }) => kind.only?.includes(name) ?? true),
    noticeMs: 10_000,
  }),
);

function openDriver(kind: Kind, link: ByteLink, clock: Clock): AnyDriver {
  const model = fingerprintModel(kind.model);
  if (!model) throw new Error(`no model ${kind.model}`);
  const small = { ...model, imageBytes: { ...model.imageBytes, value: IMAGE_BYTES } };
  return new FingerprintReaderDriver({ id: 'finger', model: small, link, clock }) as AnyDriver;
}

function openModule({ templateBytes, prepare }: Kind, clock: Clock, chance: Chance): ZfmSimulator {
  const featureBytes = Math.min(256, templateBytes);
  const module = new ZfmSimulator({ clock, chance, sizes: { featureBytes, templateBytes, imageBytes: IMAGE_BYTES } });
  prepare?.(module);
  return module;
}

function tasksOf({ templateBytes }: Kind): readonly ConformanceTask<ZfmSimulator>[] {
  const stored = templateOf(fingerOf('resident', 'rightIndex'), templateBytes, 99);
  const verify: FingerprintCommand = { kind: 'verify', template: Buffer.from(stored).toString('base64') };
  const task = (
    name: string,
    command: FingerprintCommand,
    prepare?: (module: ZfmSimulator) => void,
  ): ConformanceTask<ZfmSimulator> => ({ name, command, budgetMs: 30_000, ...(prepare ? { prepare } : {}) });
  return [
    task('captures a good print', { kind: 'capture' }, (module) => module.press('resident', 'rightIndex')),
    {
      ...task('advises on a dry print', { kind: 'capture' }, (module) => module.press('resident', 'rightThumb')),
      // the advice changes when the first did not help
      variable: true,
      check: (reply) => {
        if (!ADVISED.includes(JSON.stringify(reply))) throw new Error(`advised ${JSON.stringify(reply)}`);
      },
    },
    task(MATCHES, verify, (module) => module.press('resident', 'rightIndex')),
    task(DOES_NOT, verify, (module) => module.press('stranger', 'rightIndex')),
    task('sees that the sensor is empty', { kind: 'await-lift' }, (module) => module.lift()),
    task('wipes', { kind: 'wipe' }),
  ];
}
