import { expect, it } from 'vitest';
import { refusalText } from '../../../src/client/refusal.ts';

it.each([
  ['Vigil’s own error', { error: { code: 'x', message: 'No.', what_to_do: 'Ask again.' } }, 'No. Ask again.'],
  ['keystone’s', { error: { code: 401, title: 'Unauthorized', message: 'Who are you?' } }, 'Who are you?'],
  [
    'the optimizer’s',
    { error_message: JSON.stringify({ faultstring: 'Goal x could not be found' }) },
    'Goal x could not be found',
  ],
  [
    'one of its routing',
    { error_message: JSON.stringify({ code: 405, title: 'Method Not Allowed', description: '' }) },
    'Method Not Allowed',
  ],
  ['one not encoded twice', { error_message: 'plain' }, 'plain'],
  ['nothing readable', { something: 'else' }, null],
])('reads %s', (_, body, text) => {
  expect(refusalText(JSON.stringify(body))).toBe(text);
});

it('reads nothing from what is not JSON', () => {
  expect(refusalText('<html>')).toBeNull();
});
