/**
 * How far an audit goes by itself: `manual` proposes a plan and waits for somebody to start it, `full` starts it (Watcher's
 * `auto_trigger`), `partial` starts it unless it is large or of a grave matter, which somebody should look at first.
 */
export const AUTOMATION_LEVELS = ['manual', 'partial', 'full'] as const;

export type AutomationLevel = (typeof AUTOMATION_LEVELS)[number];
