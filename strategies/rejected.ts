import type { Reason } from './constraints/reason.ts';

/** Something that could have been done and was not. */
export interface Rejected {
  /** A host or instance. */
  readonly candidate: string;
  /** Of {@link REJECTIONS}, or of the constraints' REASONS; it does not change. */
  readonly code: string;
  readonly text: string;
}

/** Why something is not done though no rule of the cloud forbids it, by a code that does not change; `{name}` stands for a value. */
export const REJECTIONS = {
  'action-state': 'To {type} it, it has to be {possible}; it is {state}.',
  'not-there': 'It is to be moved from {expected}, and it is on {host}.',
  'after-rejected': 'What is to be done to it before is not possible.',
  'out-of-scope': 'The scope of the audit leaves it out.',
  'no-host': 'There is no host for it: {reasons}.',
  'kind-not-wanted': 'It is {state}; migration of the kind that admits is not wanted.',
  'not-measured': 'Nothing was measured of its {metric} in the window.',
  'uses-nothing': 'It has no {metric}: it cannot be what others suffer from.',
  'gains-too-little': 'Moving it would ease the victims by {relief} %; at least {least} % is asked for.',
  'gains-less':
    'Moving it would ease the victims by {relief} % at most; moving {other} eases them by {best} % and is worth more.',
  cooldown: 'It was moved not long ago and stays for another {seconds} s.',
  'more-important': 'Its priority is {own}, that of the victims {theirs}.',
  'no-better-host': 'Of the hosts it may go to {tooBusy} would be too busy with it, and {unmeasured} are not measured.',
  'stays-stopped': 'It is stopped, and cold migration is not wanted.',
} as const;

export type RejectionCode = keyof typeof REJECTIONS;

export function reject(
  candidate: string,
  code: RejectionCode,
  about: { readonly [name: string]: string | number } = {},
): Rejected {
  return { candidate, code, text: REJECTIONS[code].replace(/\{(\w+)\}/g, (_, name: string) => String(about[name])) };
}

/** What the rules of the cloud say against something; the code is that of the first. */
export function forbidden(candidate: string, reasons: readonly Reason[]): Rejected {
  return {
    candidate,
    code: reasons[0]?.code ?? 'unknown',
    text: reasons.map(({ text }) => text).join(' '),
  };
}
