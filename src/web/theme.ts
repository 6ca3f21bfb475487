import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';
import { createTheme } from '@mantine/core';

const persiana: MantineColorsTuple = [
  '#eef5f1', '#e1ebe4', '#c3d9cf', '#8fcfb6', '#78a896', '#568e7c', '#397463', '#1e5245', '#1a4a3e', '#153f34',
]; // prettier-ignore

export const theme = createTheme({
  colors: { persiana },
  primaryColor: 'persiana',
  primaryShade: { light: 7, dark: 3 },
  defaultRadius: 10,
  fontFamily: 'var(--font)',
  autoContrast: true,
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1.0625rem', lg: '1.1875rem', xl: '1.375rem' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  components: {
    Button: { defaultProps: { size: 'md' }, styles: { root: { minHeight: 44 } } },
    TextInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md', hideControls: true } },
    Select: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Checkbox: { defaultProps: { size: 'md' } },
    Radio: { defaultProps: { size: 'md' } },
    RadioGroup: { defaultProps: { size: 'md' } },
    MultiSelect: { defaultProps: { size: 'md' } },
    ColorInput: { defaultProps: { size: 'md', withEyeDropper: false } },
    SegmentedControl: { defaultProps: { size: 'md' } },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
  },
});

/** The shop's own colour on the awning and its sign; initials on it are white or black, whichever reads better. */
export function paintBrand(colour: string): void {
  const { style } = document.documentElement;
  style.setProperty('--brand', colour);
  style.setProperty('--brand-soft', `color-mix(in srgb, ${colour} 14%, var(--surface))`);
  style.setProperty('--on-brand', luminanceOf(colour) > 0.18 ? '#000000' : '#ffffff');
}

/** WCAG 2.2: relative luminance of a colour written #rrggbb; at 0.18 black and white contrast alike. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Mantine reads our tokens instead of copying their values. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const variables = {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-2)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-hover': 'var(--sunk)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-error': 'var(--stop-ink)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
    '--mantine-primary-color-light': 'var(--accent-soft)',
    '--mantine-primary-color-light-hover': 'var(--accent-soft)',
    '--mantine-primary-color-light-color': 'var(--accent-ink)',
    '--mantine-color-anchor': 'var(--accent-ink)',
  };
  return { variables: {}, light: variables, dark: variables };
};
