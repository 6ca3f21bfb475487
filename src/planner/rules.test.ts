import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JudgedCandidate } from './rules.ts';
import { arbitrate, expectedValueCents, meanReceiptCents, upliftOf } from './rules.ts';

const anyCandidate = fc.record({
  contactId: fc.integer({ min: 1, max: 5 }),
  source: fc.constantFrom('clock:1', 'clock:2', 'campaign:1'),
  valueCents: fc.integer({ min: 1, max: 4 }),
  blockedBy: fc.constantFrom(null, 'caps.fourteen_days' as const),
});
const unique = (candidates: JudgedCandidate[]): JudgedCandidate[] => [
  ...new Map(candidates.map((c) => [`${c.contactId} ${c.source}`, c])).values(),
];

describe('uplift', () => {
  it('is largest at p = 1 − θ^(−1/(θ−1)) and nothing at 0 and 1 (planner.md A2)', () => {
    const theta = Math.exp(0.14);
    const best = 1 - theta ** (-1 / (theta - 1));
    expect(best).toBeCloseTo(0.606, 3);
    for (const p of [0.05, 0.3, 0.5, 0.7, 0.95])
      expect(upliftOf(p, 'email')).toBeLessThan(upliftOf(best, 'email'));
    expect(upliftOf(0, 'email')).toBe(0);
    expect(upliftOf(1, 'email')).toBe(0);
  });
});

describe('value', () => {
  it('breaks even for an e-mail at an extra visit in 0.4 % of cases (priors.md 2)', () => {
    const at = (uplift: number): number =>
      expectedValueCents({ uplift, meanReceiptCents: 4000, marginShare: 0.35, channel: 'email' });
    expect(at(0.0035)).toBeLessThan(0);
    expect(at(0.004)).toBeGreaterThan(0);
  });

  it('draws one receipt towards the shop and trusts a hundred', () => {
    expect(meanReceiptCents(10_000, 1, 4000)).toBe(5500);
    expect(meanReceiptCents(1_000_000, 100, 4000)).toBeCloseTo(9825, 0);
    expect(meanReceiptCents(-500, 0, 4000)).toBe(4000);
  });
});

describe('arbitration', () => {
  it('gives each contact at most one message, the one of highest value, and each candidate one verdict', () => {
    fc.assert(
      fc.property(fc.array(anyCandidate).map(unique), (candidates) => {
        const verdicts = arbitrate(candidates);
        expect(verdicts).toHaveLength(candidates.length);
        for (const contactId of new Set(candidates.map((c) => c.contactId))) {
          const own = candidates
            .map((c, i) => ({ c, v: verdicts[i] }))
            .filter(({ c }) => c.contactId === contactId);
          const planned = own.filter(({ v }) => v?.verdict === 'planned');
          const open = own.filter(({ c }) => c.blockedBy === null);
          expect(planned).toHaveLength(open.length === 0 ? 0 : 1);
          for (const { c } of planned)
            expect(c.valueCents).toBe(Math.max(...open.map((o) => o.c.valueCents)));
        }
      }),
    );
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(fc.array(anyCandidate).map(unique), fc.nat(), (candidates, turn) => {
        const turned = candidates
          .map((_, i) => candidates[(i + turn) % candidates.length])
          .filter((c) => c !== undefined);
        const planned = (list: JudgedCandidate[]): string[] =>
          arbitrate(list)
            .flatMap((v, i) => (v.verdict === 'planned' ? [`${list[i]?.contactId} ${list[i]?.source}`] : []))
            .sort();
        expect(planned(turned)).toEqual(planned(candidates));
      }),
    );
  });
});
