/** The one sign for "we do not know exactly": a band for the likely range, a notch for the middle. Its words stand beside it. */
export function Fascia({
  from,
  at,
  to,
  isPale = false,
}: {
  readonly from: number;
  readonly at: number;
  readonly to: number;
  readonly isPale?: boolean;
}) {
  const percent = (share: number): string => `${Math.min(Math.max(share, 0), 1) * 100}%`;
  const style = { '--from': percent(from), '--at': percent(at), '--to': percent(to) } as React.CSSProperties;
  return (
    <div className={isPale ? 'fascia pale' : 'fascia'} style={style} aria-hidden="true">
      <i />
      <b />
    </div>
  );
}

const MS_PER_DAY = 86_400_000;

/** Days between two `YYYY-MM-DD`. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / MS_PER_DAY;
