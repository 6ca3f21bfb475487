import { IconCheck } from '@tabler/icons-react';

/** A large answer: one tap, its consequence below. */
export function Choice({
  isOn,
  title,
  note,
  onChoose,
}: {
  readonly isOn: boolean;
  readonly title: string;
  readonly note?: string;
  readonly onChoose: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onChoose}
      className="plain-button"
      style={{
        display: 'flex',
        gap: 16,
        alignItems: 'center',
        minHeight: 64,
        padding: 16,
        borderRadius: 16,
        border: `1.5px solid ${isOn ? 'var(--accent)' : 'var(--line-strong)'}`,
        background: isOn ? 'var(--accent-soft)' : 'var(--surface)',
      }}
    >
      <span className="grow">
        <b>{title}</b>
        {note && (
          <span className="small muted" style={{ display: 'block' }}>
            {note}
          </span>
        )}
      </span>
      {isOn && <IconCheck size={20} aria-hidden="true" />}
    </button>
  );
}
