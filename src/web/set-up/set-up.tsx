import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../business/schema.ts';
import { call, useApi } from '../api.ts';
import { OneOf } from '../parts/one-of.tsx';
import { Failed } from '../parts/states.tsx';
import { Choice } from './choice.tsx';
import { Doorstep } from './doorstep.tsx';

const offered = [
  'coffee',
  'cosmetics',
  'clothing',
  'hairdresser',
  'optician',
  'pharmacy',
  'food',
  'restaurant',
  'dentist',
  'hotel',
  'trades',
  'other',
] as const;
const LAST_STEP = 3;
const PASSWORD_MIN = 10;

/** The first start: my shop or the demonstration, then three questions, each with a default. */
export function SetUp() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [step, setStep] = useState(0);
  const [form, setForm] = useState({
    kind: 'my_shop',
    sectors: [] as string[],
    name: '',
    email: '',
    password: '',
    shop: '',
    formOfAddress: 'tu' as 'tu' | 'lei',
  });
  const [isChecked, setIsChecked] = useState(false);
  const set = (change: Partial<typeof form>): void => setForm({ ...form, ...change });
  const create = useMutation({
    mutationFn: () =>
      call<Session>('POST', '/api/set-up', {
        kind: form.kind,
        owner: { name: form.name, email: form.email, password: form.password },
        business: {
          name: form.shop || t('set_up.default_name'),
          sectors: form.sectors,
          language: i18n.language === 'en' ? 'en' : 'it',
          formOfAddress: form.formOfAddress,
          signature: form.name,
        },
      }),
    onSuccess: (session) => queries.setQueryData(['/api/session'], session),
  });
  const progress = useApi<{ percent: number; sentence: string }>('/api/set-up/progress', {
    enabled: create.isPending && form.kind === 'demonstration',
    refetchInterval: 1000,
  });
  const isLast = step === LAST_STEP || (step === 2 && form.kind === 'demonstration');
  const missing = {
    name: form.name.trim() === '' ? t('set_up.name_missing') : null,
    email: /^\S+@\S+\.\S+$/.test(form.email) ? null : t('set_up.email_wrong'),
    password: form.password.length < PASSWORD_MIN ? t('set_up.password_short') : null,
  };
  const goOn = (): void => {
    setIsChecked(step === 2);
    if (step === 2 && Object.values(missing).some((sentence) => sentence !== null)) return;
    setIsChecked(false);
    if (isLast) create.mutate();
    else setStep(step === 0 && form.kind === 'demonstration' ? 2 : step + 1);
  };
  return (
    <Doorstep step={step} steps={form.kind === 'demonstration' ? 0 : LAST_STEP}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        {step === 0 && (
          <>
            <h1>{t('set_up.welcome')}</h1>
            <Choice
              isOn={form.kind === 'my_shop'}
              title={t('set_up.my_shop')}
              note={t('set_up.my_shop_note')}
              onChoose={() => set({ kind: 'my_shop' })}
            />
            <Choice
              isOn={form.kind === 'demonstration'}
              title={t('set_up.demonstration')}
              note={t('set_up.demonstration_note')}
              onChoose={() => set({ kind: 'demonstration' })}
            />
          </>
        )}
        {step === 1 && (
          <>
            <h1>{t('set_up.what')}</h1>
            <p className="muted">{t('set_up.what_note')}</p>
            <div className="halves" style={{ gap: 12 }}>
              {offered.map((sector) => (
                <Choice
                  key={sector}
                  isOn={form.sectors.includes(sector)}
                  title={t(`sector.${sector}`)}
                  onChoose={() =>
                    set({
                      sectors: form.sectors.includes(sector)
                        ? form.sectors.filter((name) => name !== sector)
                        : [...form.sectors, sector],
                    })
                  }
                />
              ))}
            </div>
          </>
        )}
        {step === 2 && (
          <>
            <h1>{t('set_up.who')}</h1>
            {form.kind === 'my_shop' && (
              <TextInput
                label={t('set_up.shop_name')}
                autoComplete="organization"
                value={form.shop}
                onChange={(event) => set({ shop: event.currentTarget.value })}
              />
            )}
            <TextInput
              label={t('set_up.your_name')}
              autoComplete="name"
              error={isChecked && missing.name}
              value={form.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            <TextInput
              label={t('sign_in.email')}
              type="email"
              autoComplete="username"
              error={isChecked && missing.email}
              value={form.email}
              onChange={(event) => set({ email: event.currentTarget.value })}
            />
            <PasswordInput
              label={t('sign_in.password')}
              description={t('set_up.password_note')}
              autoComplete="new-password"
              error={isChecked && missing.password}
              value={form.password}
              onChange={(event) => set({ password: event.currentTarget.value })}
            />
          </>
        )}
        {step === 3 && (
          <>
            <h1>{t('set_up.how')}</h1>
            <OneOf
              label={t('set_up.form')}
              value={form.formOfAddress}
              onChange={(formOfAddress) => set({ formOfAddress })}
              options={[
                { value: 'tu', label: t('set_up.tu') },
                { value: 'lei', label: t('set_up.lei') },
              ]}
            />
            <p className="muted">{t('set_up.as_it_arrives')}</p>
            <div className="bubble">
              {t(form.formOfAddress === 'tu' ? 'set_up.example_tu' : 'set_up.example_lei', {
                name: form.name,
                shop: form.shop || t('set_up.default_name'),
              })}
            </div>
          </>
        )}
        {create.error && <Failed error={create.error} />}
        {create.isPending && form.kind === 'demonstration' && (
          <div className="notice" role="status">
            {progress.data ? `${progress.data.sentence} (${progress.data.percent} %)` : t('states.loading')}
          </div>
        )}
        <div className="row between">
          {step > 0 ? (
            <Button
              variant="subtle"
              color="gray"
              c="var(--ink-2)"
              onClick={() => setStep(step === 2 && form.kind === 'demonstration' ? 0 : step - 1)}
            >
              {t('set_up.back')}
            </Button>
          ) : (
            <span className="small muted">{t('set_up.two_minutes')}</span>
          )}
          <Button type="submit" size="lg" loading={create.isPending}>
            {isLast ? t('set_up.start') : t('set_up.next')}
          </Button>
        </div>
      </form>
    </Doorstep>
  );
}
