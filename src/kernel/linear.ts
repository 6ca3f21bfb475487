/** Solves H x = g for a positive definite H given by its lower half: Cholesky's decomposition. H is overwritten. */
export function solvePositive(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = hessian[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= hessian[i * size + k]! * hessian[j * size + k]!;
      hessian[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / hessian[j * size + j]!;
    }
  const solution = gradient.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i]! -= hessian[i * size + k]! * solution[k]!;
    solution[i]! /= hessian[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i]! -= hessian[k * size + i]! * solution[k]!;
    solution[i]! /= hessian[i * size + i]!;
  }
  return solution;
}
