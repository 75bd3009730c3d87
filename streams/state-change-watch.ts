/** Actions that save the instance before they end, and so are always preceded by an instance.update when those are sent. */
const SAVED_BEFORE = new Set([
  'instance.create.end',
  'instance.live_migration_post_dest.end',
  'instance.resize_finish.end',
  'instance.shelve_offload.end',
  'instance.unshelve.end',
  'instance.power_off.end',
  'instance.power_on.end',
]);

/** So many such actions without a single update are no accident of losses. */
const ENOUGH = 5;

/**
 * Notices that nova's `[notifications] notify_on_state_change` is unset (its default): actions end, and no instance.update is
 * ever among them. Updates sent by nova-api do not count: tag changes send them whatever is set.
 */
export class StateChangeWatch {
  #actions = 0;

  /** True once updates are missing, until one comes. */
  get unset(): boolean {
    return this.#actions >= ENOUGH;
  }

  observe(event: string, publisher: string): void {
    if (event === 'instance.update') {
      if (!publisher.startsWith('nova-api:')) this.#actions = 0;
    } else if (SAVED_BEFORE.has(event)) {
      this.#actions += 1;
    }
  }
}
