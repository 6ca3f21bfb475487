import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReason, reasonText, withoutDay } from './reason.ts';

describe('a reason with particulars', () => {
  it('comes back as it was written, whatever the particulars hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()), (particulars) => {
        const { code, particulars: read } = readReason(reasonText('caps.reached', particulars));
        expect(code).toBe('caps.reached');
        expect({ ...read }).toEqual({ ...particulars });
      }),
    );
  });

  it('without any is its code, and without its day what several people have in common', () => {
    expect(reasonText('need.bought', {})).toBe('need.bought');
    expect(withoutDay('later.cap?max=1&days=14&day=20800')).toBe('later.cap?max=1&days=14');
    expect(withoutDay('later.window?day=20800')).toBe('later.window');
    expect(withoutDay('need.bought')).toBe('need.bought');
  });
});
