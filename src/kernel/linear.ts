/** Solves H x = g for a positive definite H given by its lower half: Cholesky's decomposition. H is overwritten. */
export function solvePositive(hessian: Float64Array, gradient: Float64Array): Float64Array {
  factorPositive(hessian, gradient.length);
  return solveFactored(hessian, gradient);
}

/** Cholesky's decomposition of a positive definite matrix given by its lower half, which it overwrites. */
export function factorPositive(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[j * size + j]!;
    }
}

/** Solves L Lᵀ x = g for a factor L of `factorPositive`. */
export function solveFactored(factor: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  const solution = gradient.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i]! -= factor[i * size + k]! * solution[k]!;
    solution[i]! /= factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i]! -= factor[k * size + i]! * solution[k]!;
    solution[i]! /= factor[i * size + i]!;
  }
  return solution;
}
