/** What can be asked of a printer, one method an operation of RFC 8011. Nothing here waits for paper. */
import type { DocumentPrinterCommand } from '../../contract/devices/document-printer.schema.ts';
import { problem } from '../../contract/outcome.schema.ts';
import type { Scope } from '../link/scope.ts';
import { OPERATION, STATUS_GONE, STATUS_NOT_FOUND } from './ipp-codes.ts';
import { attribute, type IppClient, type IppReply } from './ipp-client.ts';
import type { IppAttribute } from './ipp-values.codec.ts';
import type { IppGroup } from './ipp.codec.ts';
import { JOB_ATTRIBUTES, jobIn, type JobLook } from './job-look.ts';
import { conditionOf, PRINTER_ATTRIBUTES, type PrinterCondition } from './printer-condition.ts';
import { TIMING } from './printer-models.ts';
import type { DocumentPrinterSettings } from './printer-settings.schema.ts';

export type PrintCommand = Extract<DocumentPrinterCommand, { kind: 'print' }>;
export type NoReply = Exclude<IppReply, { kind: 'done' }>;

/** So many jobs of a list are looked at; a list that is longer may hide ours. */
const LIST_LIMIT = 200;
const PDF = attribute('document-format', 'mimeMediaType', 'application/pdf');

export interface DeskOptions {
  readonly client: IppClient;
  readonly settings: DocumentPrinterSettings;
  readonly onCondition: (condition: PrinterCondition) => void;
  readonly onSilence: (reply: NoReply) => void;
}

export class PrinterDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  async condition(scope: Scope): Promise<PrinterCondition | NoReply> {
    const reply = await this.#ask(scope, OPERATION.getPrinterAttributes, [wanted(PRINTER_ATTRIBUTES)]);
    const condition =
      reply.kind === 'done'
        ? conditionOf(groupOf(reply.groups, 'printer'), this.#options.settings.trays ?? 1)
        : undefined;
    if (condition) {
      this.#options.onCondition(condition);
      return condition;
    }
    const silence: NoReply = reply.kind === 'done' ? spoilt('no state of a printer') : reply;
    this.#options.onSilence(silence);
    return silence;
  }

  validate(scope: Scope, job: string): Promise<IppReply> {
    return this.#ask(scope, OPERATION.validateJob, [jobName(job), PDF], this.#template());
  }

  /** Makes an empty job of our name; no paper moves until a document is in it. */
  create(scope: Scope, job: string): Promise<IppReply> {
    return this.#ask(scope, OPERATION.createJob, [jobName(job)], this.#template());
  }

  /** From its last byte on the printer may print. */
  send(scope: Scope, number: number, document: Uint8Array): Promise<IppReply> {
    const operationAttributes = [jobId(number), PDF, attribute('last-document', 'boolean', true)];
    const timeoutMs = TIMING.documentMs;
    return this.#options.client.ask(scope, {
      operation: OPERATION.sendDocument,
      operationAttributes,
      document,
      timeoutMs,
    });
  }

  /** `gone`: the printer says that it knows no such job. */
  async look(scope: Scope, number: number, name: string): Promise<JobLook | NoReply | 'gone'> {
    const reply = await this.#ask(scope, OPERATION.getJobAttributes, [jobId(number), wanted(JOB_ATTRIBUTES)]);
    if (reply.kind === 'refused') return isUnknownJob(reply.status) ? 'gone' : reply;
    if (reply.kind !== 'done') return reply;
    const job = jobIn(groupOf(reply.groups, 'job'));
    return job?.number === number && job.name === name ? job : spoilt('another job than the one asked for');
  }

  /** Jobs of our name, in one of the printer's two lists; `isWhole` when the list cannot have hidden any. */
  async list(
    scope: Scope,
    which: 'completed' | 'not-completed',
    name: string,
  ): Promise<{ readonly jobs: readonly JobLook[]; readonly isWhole: boolean } | NoReply> {
    const reply = await this.#ask(scope, OPERATION.getJobs, [
      attribute('limit', 'integer', LIST_LIMIT),
      attribute('which-jobs', 'keyword', which),
      wanted(JOB_ATTRIBUTES),
    ]);
    if (reply.kind !== 'done') return reply;
    const groups = reply.groups.filter(({ group }) => group === 'job');
    const all = groups.map(jobIn);
    const jobs = all.filter((job) => job !== undefined);
    const isWhole = groups.length < LIST_LIMIT && jobs.length === groups.length;
    return { jobs: jobs.filter((job) => job.name === name), isWhole };
  }

  cancel(scope: Scope, number: number): Promise<IppReply> {
    return this.#ask(scope, OPERATION.cancelJob, [jobId(number)]);
  }

  #ask(
    scope: Scope,
    operation: number,
    operationAttributes: readonly IppAttribute[],
    jobAttributes: readonly IppAttribute[] = [],
  ): Promise<IppReply> {
    const timeoutMs = TIMING.answerMs;
    return this.#options.client.ask(scope, { operation, operationAttributes, jobAttributes, timeoutMs });
  }

  #template(): readonly IppAttribute[] {
    const { media, sides } = this.#options.settings;
    return [
      attribute('copies', 'integer', 1),
      attribute('media', 'keyword', media ?? 'iso_a4_210x297mm'),
      attribute('sides', 'keyword', sides ?? 'one-sided'),
    ];
  }
}

export function isNoReply(value: PrinterCondition | NoReply): value is NoReply {
  return 'kind' in value;
}

function groupOf(groups: readonly IppGroup[], name: string): IppGroup | undefined {
  return groups.find(({ group }) => group === name);
}

function wanted(names: readonly string[]): IppAttribute {
  return attribute('requested-attributes', 'keyword', ...names);
}

function jobName(job: string): IppAttribute {
  return attribute('job-name', 'nameWithoutLanguage', job);
}

function jobId(number: number): IppAttribute {
  return attribute('job-id', 'integer', number);
}

function isUnknownJob(status: number): boolean {
  return status === STATUS_NOT_FOUND || status === STATUS_GONE;
}

function spoilt(detail: string): NoReply {
  return { kind: 'unanswered', problem: problem('device.garbage', detail) };
}
