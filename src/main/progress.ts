const WIDTH = 30;

/** A bar on the terminal; silent where nobody looks. */
export function showProgress(isShown: boolean): {
  update: (progress: { done: number; total: number | null }) => void;
  done: () => void;
} {
  if (!isShown) return { update: () => undefined, done: () => undefined };
  return {
    update: ({ done, total }) => {
      const share = total ? Math.min(done / total, 1) : 0;
      const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
      process.stderr.write(`\r${bar} ${new Intl.NumberFormat('it-IT').format(done)}`);
    },
    done: () => process.stderr.write('\n'),
  };
}
