/** What became of one thing of the other Watcher. */
export interface Outcome {
  readonly kind: 'template' | 'audit' | 'setting';
  /** As it is called there. */
  readonly name: string;
  readonly result: Result;
  /** What it became, or why it was left. */
  readonly detail: string;
}

/**
 * `taken` as it was; `mapped` to something that does the same; `there already`, so nothing was done; `not taken`, so somebody
 * should look at it.
 */
export type Result = 'taken' | 'mapped' | 'there already' | 'not taken';
