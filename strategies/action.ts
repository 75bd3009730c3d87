/** What can be done to a cloud, by the names Watcher gave them. */
export const ACTION_TYPES = [
  'migrate',
  'stop',
  'start',
  'resize',
  'change_nova_service_state',
  'nop',
  'sleep',
] as const;

export type ActionType = (typeof ACTION_TYPES)[number];
