import { applySysctls } from '../boot.ts';
import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

/** `sysctl -n KEY…`, `sysctl -p FILE` */
export const sysctl: Program<MachineState> = {
  name: 'sysctl',
  changes: ([option]) => option === '-p',
  call: ({ on, args: [option, ...rest] }) => {
    if (option === '-n' && rest.length > 0) return succeeded(rest.map((key) => `${valueOf(on, key)}\n`).join(''));
    const [file] = rest;
    if (option !== '-p' || file === undefined || rest.length > 1) throw notModelled('sysctl', [option ?? '', ...rest]);
    const content = on.files.read(file)?.content;
    if (content === undefined) return failed(255, `sysctl: cannot open "${file}": No such file or directory\n`);
    applySysctls(on, content);
    return succeeded(content);
  },
};

function valueOf({ sysctls }: MachineState, key: string): string {
  const value = sysctls.get(key);
  if (value === undefined) throw new Error(`the rehearsal knows no sysctl ${key}`);
  return value;
}
