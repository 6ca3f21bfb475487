import { describe, expect, it } from 'vitest';
import { countChosen, everybody, forget, isChosen, nobody, selectionOf, toggle } from './choice.ts';

const anna = { contactId: 1, messageId: 11 };
const bruno = { contactId: 2, messageId: 12 };

describe('a choice of people in a group of 120', () => {
  it('is everybody until somebody is unticked, also of those who are not on the screen', () => {
    const choice = toggle(everybody, anna);
    expect(countChosen(everybody, 120)).toBe(120);
    expect(countChosen(choice, 120)).toBe(119);
    expect(isChosen(choice, 11)).toBe(false);
    expect(isChosen(choice, 99)).toBe(true);
    expect(selectionOf(choice, '2026-10-29', 'clock:3')).toEqual({
      day: '2026-10-29',
      source: 'clock:3',
      except: [11],
    });
  });

  it('is nobody but those who are ticked once the whole group was unticked', () => {
    const choice = toggle(toggle(nobody, anna), bruno);
    expect(countChosen(choice, 120)).toBe(2);
    expect(isChosen(choice, 99)).toBe(false);
    expect(selectionOf(choice, '2026-10-29', 'clock:3')).toEqual({ messages: [anna, bruno] });
    expect(selectionOf(nobody, '2026-10-29', 'clock:3')).toBeNull();
  });

  it('comes back by a second tick, and forgets who left the group', () => {
    expect(toggle(toggle(everybody, anna), anna)).toEqual(everybody);
    expect(countChosen(forget(toggle(everybody, anna), 11), 119)).toBe(119);
  });
});
