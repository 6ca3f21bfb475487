import type { Proposal } from '../../planner/schema.ts';

type Person = Pick<Proposal, 'contactId' | 'messageId'>;

/** Who of a group is ticked: everybody but some, or only some. A group may hold more people than are on the screen. */
export interface Choice {
  readonly startsFrom: 'everybody' | 'nobody';
  readonly exceptions: readonly Person[];
}

export const everybody: Choice = { startsFrom: 'everybody', exceptions: [] };
export const nobody: Choice = { startsFrom: 'nobody', exceptions: [] };

const isException = ({ exceptions }: Choice, messageId: number): boolean =>
  exceptions.some((person) => person.messageId === messageId);

export const isChosen = (choice: Choice, messageId: number): boolean =>
  (choice.startsFrom === 'everybody') !== isException(choice, messageId);

export const countChosen = ({ startsFrom, exceptions }: Choice, count: number): number =>
  startsFrom === 'everybody' ? Math.max(count - exceptions.length, 0) : Math.min(exceptions.length, count);

/** The choice without its word on a person who is no longer in the group. */
export const forget = (choice: Choice, messageId: number): Choice => ({
  ...choice,
  exceptions: choice.exceptions.filter((person) => person.messageId !== messageId),
});

export function toggle(choice: Choice, { contactId, messageId }: Person): Choice {
  return isException(choice, messageId)
    ? forget(choice, messageId)
    : { ...choice, exceptions: [...choice.exceptions, { contactId, messageId }] };
}

/** What POST /api/messages/approve is told, or null when nobody is ticked. */
export function selectionOf(choice: Choice, day: string, source: string): object | null {
  const { startsFrom, exceptions } = choice;
  if (startsFrom === 'everybody')
    return { day, source, except: exceptions.map(({ messageId }) => messageId) };
  return exceptions.length === 0 ? null : { messages: exceptions };
}
