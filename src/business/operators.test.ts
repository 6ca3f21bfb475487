import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { openManagement, signInAs } from '../../test/support/management.ts';
import { signIn } from './actions.ts';
import { deskOf, letterCostCents } from './rules.ts';

describe('who works in the shop', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T10:00:00Z') });
  const { server } = await openManagement(shop);
  const owner = await signInAs(shop, server, 'owner');
  const person = {
    name: 'Ivo',
    email: 'Ivo@Bottega.example.it',
    password: 'una frase molto lunga',
    storeId: null,
    callsPerDay: 3,
  };
  type Answer = {
    operators: {
      operatorId: number;
      name: string;
      role: string;
      callsPerDay: number;
      storeId: number | null;
    }[];
  };

  it('is added by the owner, signs in, and is there once', async () => {
    const added = await owner.request('POST', '/api/settings/operators', person);
    const ivo = added.json<Answer>().operators.find(({ name }) => name === 'Ivo');
    expect(ivo).toMatchObject({ role: 'assistant', callsPerDay: 3, storeId: null });
    expect(
      await signIn(shop.database, 'ivo@bottega.example.it', person.password, shop.clock.now()),
    ).toBeTypeOf('string');
    const again = await owner.request('POST', '/api/settings/operators', person);
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'operator_exists']);
    expect(JSON.stringify(added.json())).not.toContain('argon2');
  });

  it('changes store and calls, and works in no store that is not there', async () => {
    const list = (await owner.request('GET', '/api/settings/operators')).json<Answer>();
    const { operatorId } = list.operators.find(({ name }) => name === 'Ivo') ?? { operatorId: 0 };
    const path = `/api/settings/operators/${operatorId}`;
    const changed = await owner.request('PUT', path, { storeId: 1, callsPerDay: 0 });
    expect(changed.json<Answer>().operators).toContainEqual(
      expect.objectContaining({ operatorId, storeId: 1, callsPerDay: 0 }),
    );
    expect((await owner.request('PUT', path, { storeId: 99, callsPerDay: 1 })).statusCode).toBe(404);
    expect(
      (await owner.request('PUT', '/api/settings/operators/999', { storeId: null, callsPerDay: 1 }))
        .statusCode,
    ).toBe(404);
    expect(
      (
        await owner.request('POST', '/api/settings/operators', {
          ...person,
          email: 'lea@bottega.example.it',
          storeId: 99,
        })
      ).statusCode,
    ).toBe(404);
  });

  it('writes letters and calls only once the owner says so', async () => {
    expect((await owner.request('GET', '/api/settings/letters')).json()).toMatchObject({
      isOn: false,
      leadDays: 3,
    });
    expect((await owner.request('GET', '/api/settings/calls')).json()).toMatchObject({ isOn: false });
    expect((await owner.request('GET', '/api/session')).json()).toMatchObject({ isByHandOn: false });
    await owner.request('PUT', '/api/settings/calls', { isOn: true, costCents: 100 });
    expect((await owner.request('GET', '/api/session')).json()).toMatchObject({ isByHandOn: true });
  });
});

describe('the desk of a customer', () => {
  it('is their store’s; without one the only store’s, else one of its own', () => {
    expect(deskOf(2, [1, 2])).toBe(2);
    expect(deskOf(null, [1])).toBe(1);
    expect(deskOf(null, [1, 2])).toBeNull();
    expect(deskOf(null, [])).toBeNull();
  });
});

describe('a letter', () => {
  it('costs its paper and its stamp', () => {
    expect(letterCostCents({ paperCents: 20, postageCents: 130 })).toBe(150);
  });
});
