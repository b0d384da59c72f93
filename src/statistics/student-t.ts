/**
 * How likely a value of Student's distribution is at least as far from zero, either way. A finite series for whole degrees of
 * freedom: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 */
export function studentP(t: number, degrees: number): number {
  if (Math.abs(t) === Infinity) return 0;
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cos : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= (cos * cos * (power - 1)) / power;
    sum += term;
  }
  return Math.max(0, 1 - (isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum));
}
