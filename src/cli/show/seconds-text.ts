/** `0.4s`, `12.3s`, `3m05s` */
export function secondsText(seconds: number): string {
  if (seconds < 99.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}
